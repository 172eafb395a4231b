namespace Kpod.Tokenizers.PieceModels;

/// <summary>Finds all pieces that begin at a place of a text, over UTF-16 units. Children of a node have consecutive numbers, sorted by their unit.</summary>
internal sealed class PieceTrie
{
    /// <summary>The node from which every look-up starts.</summary>
    public const int Root = 0;

    private const int LongestScan = 8;
    private readonly int[] _firstChild;
    private readonly char[] _units;
    private readonly int[] _ids;
    private readonly int[] _rootChildren = new int[char.MaxValue + 1];

    /// <summary>Makes a trie.</summary>
    /// <param name="pieces">The pieces with their ids; empty ones are passed over.</param>
    public PieceTrie(IEnumerable<KeyValuePair<string, int>> pieces)
    {
        var sorted = pieces.Where(piece => piece.Key.Length > 0).ToArray();
        Array.Sort(sorted, (left, right) => string.CompareOrdinal(left.Key, right.Key));
        var firstChild = new List<int>();
        var units = new List<char> { '\0' };
        var ids = new List<int> { -1 };
        var ranges = new Queue<(int From, int To, int Depth)>([(0, sorted.Length, 0)]);
        while (ranges.TryDequeue(out var range))
        {
            firstChild.Add(units.Count);
            for (int from = range.From, to; from < range.To; from = to)
            {
                var unit = sorted[from].Key[range.Depth];
                to = EndOfUnit(sorted, from, range.To, range.Depth, unit);
                var endsHere = sorted[from].Key.Length == range.Depth + 1;
                units.Add(unit);
                ids.Add(endsHere ? sorted[from].Value : -1);
                ranges.Enqueue((endsHere ? from + 1 : from, to, range.Depth + 1));
            }
        }

        firstChild.Add(units.Count);
        (_firstChild, _units, _ids) = ([.. firstChild], [.. units], [.. ids]);
        Array.Fill(_rootChildren, -1);
        for (var child = _firstChild[Root]; child < _firstChild[Root + 1]; child++)
        {
            _rootChildren[_units[child]] = child;
        }
    }

    /// <summary>Follows one unit.</summary>
    /// <param name="node">A node.</param>
    /// <param name="unit">The next unit of the text.</param>
    /// <returns>The node after it, or -1 where no piece goes on so.</returns>
    public int Next(int node, char unit)
    {
        if (node == Root)
        {
            return _rootChildren[unit];
        }

        var (from, to) = (_firstChild[node], _firstChild[node + 1]);
        if (to - from > LongestScan)
        {
            var index = _units.AsSpan(from, to - from).BinarySearch(unit);
            return index < 0 ? -1 : from + index;
        }

        for (; from < to; from++)
        {
            if (_units[from] == unit)
            {
                return from;
            }
        }

        return -1;
    }

    /// <summary>The piece that ends at a node.</summary>
    /// <param name="node">A node.</param>
    /// <returns>Its id, or -1 where none ends there.</returns>
    public int IdAt(int node) => _ids[node];

    private static int EndOfUnit(KeyValuePair<string, int>[] sorted, int from, int limit, int depth, char unit)
    {
        while (from < limit && sorted[from].Key[depth] == unit)
        {
            from++;
        }

        return from;
    }
}
