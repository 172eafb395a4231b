namespace Kpod.Tokenizers.Tokens;

/// <summary>One token of a text.</summary>
/// <param name="Id">Its id in the vocabulary.</param>
/// <param name="Start">First UTF-16 code unit of the original text that it stands for.</param>
/// <param name="End">One past the last code unit; equal to <paramref name="Start"/> where the token stands for nothing of the text.</param>
public readonly record struct Token(int Id, int Start, int End);
