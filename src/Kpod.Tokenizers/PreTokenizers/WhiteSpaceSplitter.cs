namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>Cuts at white space and drops it: the pre-tokenizer <c>WhitespaceSplit</c>.</summary>
internal sealed class WhiteSpaceSplitter : IPreTokenizer
{
    /// <inheritdoc/>
    public SplitText Split(SplitText split)
    {
        var pieces = new List<TextRange>(split.Pieces.Count + (split.Text.Length / 5));
        foreach (var piece in split.Pieces)
        {
            var text = split.Text.Characters[..piece.End];
            for (var start = piece.Start; start < text.Length;)
            {
                var end = start;
                while (end < text.Length && !char.IsWhiteSpace(text[end]))
                {
                    end++;
                }

                if (end > start)
                {
                    pieces.Add(new TextRange(start, end));
                }

                start = end + 1;
            }
        }

        return split with { Pieces = pieces };
    }
}
