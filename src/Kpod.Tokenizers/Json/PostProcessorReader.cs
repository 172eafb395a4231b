namespace Kpod.Tokenizers.Json;

/// <summary>Reads the key <c>post_processor</c>.</summary>
internal static class PostProcessorReader
{
    private const string Known = "Sequence, TemplateProcessing, ByteLevel and RobertaProcessing";

    /// <summary>Reads a post-processor.</summary>
    /// <param name="value">The value; null: none.</param>
    /// <returns>What it adds and trims.</returns>
    public static PostProcessor Read(LocatedJson value)
    {
        if (value.IsNull)
        {
            return PostProcessor.None;
        }

        var kind = value.Kind();
        return kind switch
        {
            "Sequence" => value["processors"].Items().Select(Read).Aggregate(PostProcessor.None, Join),
            "ByteLevel" => PostProcessor.None with { OffsetTrims = Trims(value) },
            "RobertaProcessing" => new PostProcessor([PairId(value["cls"])], [PairId(value["sep"])], Trims(value)),
            "TemplateProcessing" => ReadTemplate(value),
            _ => throw value.NotImplemented($"the post-processor {kind}", Known),
        };
    }

    private static PostProcessor Join(PostProcessor inner, PostProcessor outer) =>
        new([.. outer.Before, .. inner.Before], [.. inner.After, .. outer.After], [.. inner.OffsetTrims, .. outer.OffsetTrims]);

    private static List<bool> Trims(LocatedJson value) =>
        value["trim_offsets"].AsBoolean(absent: true) ? [value["add_prefix_space"].AsBoolean(absent: true)] : [];

    private static int PairId(LocatedJson pair)
    {
        var parts = pair.Items().ToList();
        return parts.Count == 2 ? parts[1].AsInteger() : throw pair.Wrong("a token with its id");
    }

    private static PostProcessor ReadTemplate(LocatedJson value)
    {
        var (before, after) = (new List<int>(), new List<int>());
        var sequences = 0;
        foreach (var item in value["single"].Items())
        {
            if (!item["Sequence"].IsNull)
            {
                sequences++;
                continue;
            }

            var name = item["SpecialToken"]["id"].AsString();
            var ids = value["special_tokens"][name]["ids"].Items().Select(id => id.AsInteger());
            (sequences == 0 ? before : after).AddRange(ids);
        }

        return sequences == 1
            ? new PostProcessor(before, after, [])
            : throw value["single"].Wrong("a template with the text exactly once");
    }
}
