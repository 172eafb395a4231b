namespace Kpod.Tokenizers.Tokens;

/// <summary>A stretch of text: an added token or what lies between two.</summary>
/// <param name="Token">The token, or null for plain text.</param>
/// <param name="Start">First UTF-16 code unit.</param>
/// <param name="End">One past the last unit.</param>
internal readonly record struct AddedTokenMatch(AddedToken? Token, int Start, int End);
