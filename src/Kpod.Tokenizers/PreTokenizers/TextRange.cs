namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>A stretch of a text.</summary>
/// <param name="Start">First UTF-16 code unit.</param>
/// <param name="End">One past the last unit.</param>
internal readonly record struct TextRange(int Start, int End)
{
    /// <summary>Number of units.</summary>
    public int Length => End - Start;
}
