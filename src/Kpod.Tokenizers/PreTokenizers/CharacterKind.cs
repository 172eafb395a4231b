namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>What the split patterns tell apart.</summary>
internal enum CharacterKind : byte
{
    /// <summary>None of the others: punctuation, symbols, marks, controls.</summary>
    Other,

    /// <summary><c>\p{L}</c>.</summary>
    Letter,

    /// <summary><c>\p{N}</c>: decimal digits, letter numbers such as Ⅷ and others such as ½.</summary>
    Number,

    /// <summary><c>\s</c>: the 25 characters of White_Space.</summary>
    Space,
}
