using System.Buffers;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>Tells the kind of a rationale's tokens.</summary>
internal static class TokenClasses
{
    private static readonly SearchValues<char> Operators = SearchValues.Create("+-*/=×÷−");

    /// <summary>The kind of a piece of text.</summary>
    /// <param name="piece">What the token stands for.</param>
    /// <returns>Its kind.</returns>
    public static TokenClass Of(ReadOnlySpan<char> piece)
    {
        if (piece.IndexOfAnyInRange('0', '9') >= 0)
        {
            return TokenClass.Digit;
        }

        return piece.IndexOfAny(Operators) >= 0 ? TokenClass.Operator : TokenClass.Other;
    }

    /// <summary>The kind of a rationale's token.</summary>
    /// <param name="rationale">The rationale.</param>
    /// <param name="token">Index of the token.</param>
    /// <returns>Its kind.</returns>
    public static TokenClass Of(EncodedRationale rationale, int token) => Of(Piece(rationale, token));

    /// <summary>The piece of the rationale's text that a token stands for.</summary>
    /// <param name="rationale">The rationale.</param>
    /// <param name="token">Index of the token.</param>
    /// <returns>A part of its text.</returns>
    public static ReadOnlySpan<char> Piece(EncodedRationale rationale, int token)
    {
        var (start, end) = (rationale.RationaleTokens[token].Start, rationale.RationaleTokens[token].End);
        return rationale.Text.AsSpan(start, end - start);
    }
}
