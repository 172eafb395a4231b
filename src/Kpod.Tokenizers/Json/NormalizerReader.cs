using Kpod.Tokenizers.Normalization;

namespace Kpod.Tokenizers.Json;

/// <summary>Reads the key <c>normalizer</c>.</summary>
internal static class NormalizerReader
{
    private const string Known = "Sequence, Prepend, Replace, Strip, Precompiled, NFC, NFD, NFKC and NFKD";

    /// <summary>Reads a normalizer.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The normalizer, or null where the file has none.</returns>
    public static INormalizer? Read(LocatedJson value)
    {
        if (value.IsNull)
        {
            return null;
        }

        var kind = value.Kind();
        return kind switch
        {
            "Sequence" => new NormalizerSequence([.. value["normalizers"].Items().Select(Read).OfType<INormalizer>()]),
            "Prepend" => new PrependNormalizer(value["prepend"].AsString()),
            "Replace" => ReadReplace(value),
            "Strip" => new StripNormalizer(value["strip_left"].AsBoolean(absent: false), value["strip_right"].AsBoolean(absent: false)),
            "Precompiled" => new PrecompiledNormalizer(ReadMap(value["precompiled_charsmap"])),
            "NFC" => new UnicodeNormalizer(UnicodeForm.Nfc),
            "NFD" => new UnicodeNormalizer(UnicodeForm.Nfd),
            "NFKC" => new UnicodeNormalizer(UnicodeForm.Nfkc),
            "NFKD" => new UnicodeNormalizer(UnicodeForm.Nfkd),
            _ => throw value.NotImplemented($"the normalizer {kind}", Known),
        };
    }

    /// <summary>Reads what a <c>Replace</c> looks for.</summary>
    /// <param name="replace">A normalizer or decoder of that kind.</param>
    /// <returns>The text sought.</returns>
    public static string SoughtText(LocatedJson replace)
    {
        var pattern = replace["pattern"]["String"];
        if (pattern.IsNull)
        {
            throw replace.NotImplemented(
                $"a Replace of {replace["pattern"].Element}", $"replacements of a plain String, and of the Regex \"{SpaceRunNormalizer.Expression}\" in a normalizer");
        }

        var sought = pattern.AsString();
        return sought.Length > 0 ? sought : throw pattern.Wrong("a text of at least one character");
    }

    private static INormalizer ReadReplace(LocatedJson value)
    {
        var expression = value["pattern"]["Regex"];
        var content = value["content"].AsString();
        return !expression.IsNull && expression.AsString() == SpaceRunNormalizer.Expression
            ? new SpaceRunNormalizer(content)
            : new ReplaceNormalizer(SoughtText(value), content);
    }

    private static PrecompiledCharacterMap ReadMap(LocatedJson value)
    {
        if (value.IsNull)
        {
            return new PrecompiledCharacterMap([], value.Place);
        }

        try
        {
            return new PrecompiledCharacterMap(Convert.FromBase64String(value.AsString()), value.Place);
        }
        catch (FormatException exception)
        {
            throw new KpodException($"{value.Place}: is no valid base64 ({exception.Message})", exception);
        }
    }
}
