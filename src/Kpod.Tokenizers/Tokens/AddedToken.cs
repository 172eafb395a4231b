namespace Kpod.Tokenizers.Tokens;

/// <summary>A token that is cut out of the text before the model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether it is a control token: not read from untrusted text, left out of decoded text.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Whether it takes in the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes in the white space after it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it counts only where no word character touches it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Whether it is looked for in the normalized text, its own content normalized too.</summary>
    public bool IsNormalized { get; init; }
}
