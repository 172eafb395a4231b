namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>Which pieces get a mark in front (<c>prepend_scheme</c>).</summary>
internal enum MetaspacePrefix
{
    /// <summary>None.</summary>
    Never,

    /// <summary>Only the piece that begins where the text begins.</summary>
    First,

    /// <summary>Every piece.</summary>
    Always,
}
