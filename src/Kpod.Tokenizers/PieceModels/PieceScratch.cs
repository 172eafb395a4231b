namespace Kpod.Tokenizers.PieceModels;

/// <summary>Memory that one encoding reuses for piece after piece.</summary>
internal sealed class PieceScratch
{
    private PieceToken[] _tokens = new PieceToken[64];

    /// <summary>Id of each symbol under way.</summary>
    public int[] Ids { get; private set; } = new int[64];

    /// <summary>Width of each symbol under way, in UTF-8 bytes of the model's input.</summary>
    public int[] Widths { get; private set; } = new int[64];

    /// <summary>Working memory of the merger: rank or neighbour of each symbol.</summary>
    public int[] Next { get; private set; } = new int[64];

    /// <summary>Working memory of the merger: neighbour of each symbol on the other side.</summary>
    public int[] Previous { get; private set; } = new int[64];

    /// <summary>For each UTF-8 byte of the model's input the first UTF-16 unit of its character.</summary>
    public int[] UnitStarts { get; private set; } = new int[64];

    /// <summary>For each UTF-8 byte of the model's input one past the last UTF-16 unit of its character.</summary>
    public int[] UnitEnds { get; private set; } = new int[64];

    /// <summary>Score of the best path to each place.</summary>
    public double[] Scores { get; private set; } = new double[64];

    /// <summary>Score of the best path to each place, in single precision.</summary>
    public float[] SingleScores { get; private set; } = new float[64];

    /// <summary>The queue of the merger.</summary>
    public PriorityQueue<long, long> Queue { get; } = new();

    /// <summary>Makes room for this many symbols and bytes.</summary>
    /// <param name="count">Largest number of UTF-8 bytes in the model's input.</param>
    public void Reserve(int count)
    {
        if (Ids.Length >= count)
        {
            return;
        }

        var capacity = Math.Max(count, Ids.Length * 2);
        Ids = new int[capacity];
        Widths = new int[capacity];
        Next = new int[capacity];
        Previous = new int[capacity];
        UnitStarts = new int[capacity];
        UnitEnds = new int[capacity];
        Scores = new double[capacity];
        SingleScores = new float[capacity];
    }

    /// <summary>Memory for finished tokens.</summary>
    /// <param name="count">Number of tokens.</param>
    /// <returns>Room for them.</returns>
    public Span<PieceToken> Tokens(int count)
    {
        if (_tokens.Length < count)
        {
            _tokens = new PieceToken[Math.Max(count, _tokens.Length * 2)];
        }

        return _tokens.AsSpan(0, count);
    }
}
