using Kpod.Tokenizers.PreTokenizers;

namespace Kpod.Tokenizers.Json;

/// <summary>Reads the key <c>pre_tokenizer</c>.</summary>
internal static class PreTokenizerReader
{
    private const string Known = "Sequence, ByteLevel, Digits, Split, WhitespaceSplit and Metaspace";

    /// <summary>Reads a pre-tokenizer.</summary>
    /// <param name="value">The value; null: nothing cuts the text.</param>
    /// <returns>The steps.</returns>
    public static PreTokenizerSteps Read(LocatedJson value)
    {
        var steps = new List<IPreTokenizer>();
        var byteLevel = false;
        foreach (var part in Flatten(value))
        {
            if (byteLevel)
            {
                throw part.NotImplemented($"the pre-tokenizer {part.Kind()} after ByteLevel", "sequences that end in ByteLevel");
            }

            byteLevel = part.Kind() == "ByteLevel";
            steps.AddRange(ReadOne(part));
        }

        return new PreTokenizerSteps(steps, byteLevel);
    }

    private static IEnumerable<LocatedJson> Flatten(LocatedJson value) => value.IsNull ? []
        : value.Kind() == "Sequence" ? value["pretokenizers"].Items().SelectMany(Flatten)
        : [value];

    private static IEnumerable<IPreTokenizer> ReadOne(LocatedJson value)
    {
        var kind = value.Kind();
        return kind switch
        {
            "ByteLevel" => ReadByteLevel(value),
            "Digits" => [new DigitSplitter(value["individual_digits"].AsBoolean(absent: false))],
            "Split" => [ReadSplit(value)],
            "WhitespaceSplit" => [new WhiteSpaceSplitter()],
            "Metaspace" => [ReadMetaspace(value)],
            _ => throw value.NotImplemented($"the pre-tokenizer {kind}", Known),
        };
    }

    private static IEnumerable<IPreTokenizer> ReadByteLevel(LocatedJson value)
    {
        if (value["add_prefix_space"].AsBoolean(absent: true))
        {
            yield return new PrefixSpace();
        }

        if (value["use_regex"].AsBoolean(absent: true))
        {
            yield return new PieceSplitter(SplitPatterns.ScanGpt2);
        }
    }

    private static PieceSplitter ReadSplit(LocatedJson value)
    {
        var behavior = value["behavior"].AsString();
        if (behavior != "Isolated" || value["invert"].AsBoolean(absent: false))
        {
            throw value.NotImplemented(
                $"a Split with behavior {behavior} and invert {value["invert"].Element}", "Split with behavior Isolated and invert false");
        }

        var pattern = value["pattern"]["Regex"];
        if (pattern.IsNull)
        {
            throw value.NotImplemented("a Split at a plain String", "Split by a Regex");
        }

        return SplitPatterns.Find(pattern.AsString()) is { } scanner
            ? new PieceSplitter(scanner)
            : throw pattern.NotImplemented($"the expression {pattern.AsString()}", "those of GPT-2, Llama 3 and Qwen2");
    }

    private static Metaspace ReadMetaspace(LocatedJson value)
    {
        var mark = value["replacement"].AsString();
        if (mark.Length != 1)
        {
            throw value["replacement"].Wrong("one character of the basic plane");
        }

        var scheme = value["prepend_scheme"];
        var addsPrefix = value["add_prefix_space"].AsBoolean(absent: true);
        var prefix = (scheme.IsNull ? (addsPrefix ? "always" : "never") : scheme.AsString()) switch
        {
            "always" => MetaspacePrefix.Always,
            "first" => MetaspacePrefix.First,
            "never" => MetaspacePrefix.Never,
            _ => throw scheme.Wrong("\"always\", \"first\" or \"never\""),
        };
        return !addsPrefix && prefix != MetaspacePrefix.Never
            ? throw new KpodException(
                $"{value.Place}: add_prefix_space is false, yet prepend_scheme is \"{scheme.AsString()}\"; say \"never\" or leave add_prefix_space out.")
            : new Metaspace(mark[0], prefix, value["split"].AsBoolean(absent: true));
    }
}
