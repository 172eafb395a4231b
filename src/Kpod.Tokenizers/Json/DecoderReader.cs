using Kpod.Tokenizers.Decoders;

namespace Kpod.Tokenizers.Json;

/// <summary>Reads the key <c>decoder</c>.</summary>
internal static class DecoderReader
{
    private const string Known = "Sequence, ByteLevel, ByteFallback, Metaspace, Replace, Fuse and Strip";

    /// <summary>Reads a decoder.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its steps, or null where the file has no decoder.</returns>
    public static IReadOnlyList<IPieceDecoder>? Read(LocatedJson value) => value.IsNull ? null : [.. ReadSteps(value)];

    private static IEnumerable<IPieceDecoder> ReadSteps(LocatedJson value)
    {
        var kind = value.Kind();
        return kind switch
        {
            "Sequence" => value["decoders"].Items().SelectMany(ReadSteps),
            "ByteLevel" => [new ByteLevelDecoder()],
            "ByteFallback" => [new ByteFallbackDecoder()],
            "Metaspace" => [ReadMetaspace(value)],
            "Replace" => [new ReplaceDecoder(NormalizerReader.SoughtText(value), value["content"].AsString())],
            "Fuse" => [new FuseDecoder()],
            "Strip" => [new StripDecoder(OneCharacter(value["content"]), Count(value["start"]), Count(value["stop"]))],
            _ => throw value.NotImplemented($"the decoder {kind}", Known),
        };
    }

    private static MetaspaceDecoder ReadMetaspace(LocatedJson value)
    {
        var scheme = value["prepend_scheme"];
        var dropsFirst = scheme.IsNull ? value["add_prefix_space"].AsBoolean(absent: true) : scheme.AsString() != "never";
        return new MetaspaceDecoder(OneCharacter(value["replacement"]), dropsFirst);
    }

    private static char OneCharacter(LocatedJson value) =>
        value.AsString() is { Length: 1 } text ? text[0] : throw value.Wrong("one character of the basic plane");

    private static int Count(LocatedJson value) => value.AsInteger() is >= 0 and var count ? count : throw value.Wrong("a count of at least 0");
}
