namespace Kpod.Tokenizers.PieceModels;

/// <summary>Pieces and their ids, both ways. Ids may leave gaps.</summary>
internal sealed class Vocabulary
{
    /// <summary>Ids stay below this; a larger one in a file is a fault of the file.</summary>
    public const int IdLimit = 1 << 22;

    private readonly string?[] _pieces;
    private readonly Dictionary<string, int> _ids;

    /// <summary>Makes a vocabulary.</summary>
    /// <param name="pieces">Each piece with its id.</param>
    /// <param name="place">File and key, for errors.</param>
    /// <exception cref="KpodException">A piece or an id stands twice, or an id is negative or absurdly large.</exception>
    public Vocabulary(IReadOnlyCollection<KeyValuePair<string, int>> pieces, string place)
    {
        _ids = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        var size = 0;
        foreach (var (piece, id) in pieces)
        {
            if (id is < 0 or >= IdLimit)
            {
                throw new KpodException($"{place}: the id of \"{piece}\" is {id}; ids must be from 0 to {IdLimit - 1}.");
            }

            if (!_ids.TryAdd(piece, id))
            {
                throw new KpodException($"{place}: the piece \"{piece}\" stands twice, with ids {_ids[piece]} and {id}; each piece has one id.");
            }

            size = Math.Max(size, id + 1);
        }

        _pieces = new string?[size];
        foreach (var (piece, id) in pieces)
        {
            if (_pieces[id] is { } other)
            {
                throw new KpodException($"{place}: the id {id} belongs to both \"{other}\" and \"{piece}\"; each id has one piece.");
            }

            _pieces[id] = piece;
        }

        Lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>One more than the largest id.</summary>
    public int Size => _pieces.Length;

    /// <summary>Number of pieces.</summary>
    public int Count => _ids.Count;

    /// <summary>Ids by pieces that are no strings of their own.</summary>
    public Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; }

    /// <summary>The id of a piece.</summary>
    /// <param name="piece">A piece.</param>
    /// <returns>Its id, or null where there is no such piece.</returns>
    public int? Find(string piece) => _ids.TryGetValue(piece, out var id) ? id : null;

    /// <summary>The piece of an id.</summary>
    /// <param name="id">Any number.</param>
    /// <returns>Its piece, or null where the id has none.</returns>
    public string? PieceOf(int id) => (uint)id < (uint)_pieces.Length ? _pieces[id] : null;
}
