namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>Cuts pieces of text into smaller ones and may rewrite them.</summary>
internal interface IPreTokenizer
{
    /// <summary>Cuts.</summary>
    /// <param name="split">A text and its pieces so far.</param>
    /// <returns>The text, rewritten or not, and its pieces.</returns>
    SplitText Split(SplitText split);
}
