namespace Kpod.LanguageModels.Llama;

/// <summary>
/// Reads the rotary settings of a <c>config.json</c>: transformers 4 gives <c>rope_theta</c> beside <c>rope_scaling</c>, transformers 5 both in <c>rope_parameters</c>, there by layer type for
/// models that have several. A file may hold more than one of these keys; then they must not contradict each other.
/// </summary>
internal static class RopeSettings
{
    private const string ThetaKey = "rope_theta";
    private const string FullAttention = "full_attention";
    private const double UsualTheta = 10000;

    private static readonly string[] Keys = ["rope_scaling", "rope_parameters"];

    /// <summary>Reads base and stretch of the frequencies.</summary>
    /// <param name="reader">The file; takes every fault.</param>
    /// <returns>The base, 10000 where no key gives it; the scaling, or null for none.</returns>
    public static (double Theta, RopeScaling.Llama3? Scaling) Read(ConfigurationReader reader)
    {
        var sections = Keys.SelectMany(key => Sections(reader, key)).ToList();
        return (Theta(reader, sections), Scaling(reader, sections));
    }

    private static double Theta(ConfigurationReader reader, IEnumerable<(string Key, ConfigurationReader Section)> sections)
    {
        var stated = sections.Append((Key: string.Empty, Section: reader)).Where(place => place.Section.Has(ThetaKey))
            .Select(place => (Name: place.Key.Length == 0 ? ThetaKey : $"{place.Key}.{ThetaKey}", Value: place.Section.Positive(ThetaKey, null))).ToList();
        foreach (var other in stated.Skip(1).Where(other => other.Value != stated[0].Value))
        {
            reader.Fault(FormattableString.Invariant($"{other.Name} is {other.Value:R}, but {stated[0].Name} is {stated[0].Value:R}; remove the one that does not hold"));
        }

        return stated.Count == 0 ? UsualTheta : stated[0].Value;
    }

    // As in transformers, rope_scaling goes before rope_parameters.
    private static RopeScaling.Llama3? Scaling(ConfigurationReader reader, IEnumerable<(string Key, ConfigurationReader Section)> sections)
    {
        var stated = sections.Where(place => place.Section.Has("rope_type") || place.Section.Has("type") || place.Section.Has("factor"))
            .Select(place => (place.Key, Scaling: ReadOne(reader, place.Section))).ToList();
        foreach (var other in stated.Skip(1).Where(other => other.Scaling is not null && other.Scaling != stated[0].Scaling))
        {
            reader.Fault($"{other.Key} stretches the rotary frequencies in another way than {stated[0].Key}; remove the one that does not hold");
        }

        return stated.Count == 0 ? null : stated[0].Scaling;
    }

    private static IEnumerable<(string Key, ConfigurationReader Section)> Sections(ConfigurationReader reader, string key)
    {
        if (reader.Section(key) is not { } section)
        {
            yield break;
        }

        yield return (key, section);
        foreach (var type in section.Sections)
        {
            if (type == FullAttention)
            {
                yield return ($"{key}.{type}", section.Section(type)!);
            }
            else
            {
                reader.Fault($"{key}.{type} gives rotary settings of its own to some layers, which is not implemented; only {FullAttention} is");
            }
        }
    }

    private static RopeScaling.Llama3? ReadOne(ConfigurationReader reader, ConfigurationReader section)
    {
        section.RefuseUnlessNeutral("partial_rotary_factor", neutral: 1);
        section.RefuseUnlessNeutral("mrope_section");
        if (TypeOf(section) == "default")
        {
            return null;
        }

        var scaling = new RopeScaling.Llama3(
            section.Positive("factor", null),
            section.Positive("low_freq_factor", null),
            section.Positive("high_freq_factor", null),
            section.Integer("original_max_position_embeddings", null, int.MaxValue));
        if (scaling.HighFrequencyFactor <= scaling.LowFrequencyFactor)
        {
            reader.Fault($"high_freq_factor is {scaling.HighFrequencyFactor:R}; it must be larger than low_freq_factor, which is {scaling.LowFrequencyFactor:R}");
        }

        return scaling;
    }

    // Older files call the type "type"; some hold both, of which each must be implemented.
    private static string TypeOf(ConfigurationReader section)
    {
        var older = section.Has("type") ? section.OneOf("type", null, "default", "llama3") : null;
        var type = older is null || section.Has("rope_type") ? section.OneOf("rope_type", null, "default", "llama3") : older;
        if (older is not null && older != type)
        {
            section.Fault($"rope_type is \"{type}\", but type is \"{older}\"; remove the one that does not hold");
        }

        return type;
    }
}
