namespace Kpod.LanguageModels.Adapters;

/// <summary>Tells what a wrapper put into the names of an adapter's weights: <c>_orig_mod</c> (torch.compile), <c>module</c> (data parallel), <c>default</c> (the adapter's own name), and their like.</summary>
internal static class WrapperNames
{
    /// <summary>Looks for the name that a weight would have without its wrapper.</summary>
    /// <param name="name">A name that the model does not have.</param>
    /// <param name="known">The names that it has.</param>
    /// <returns>What is wrong with the name, to stand behind it; null where no name of the model is in it.</returns>
    public static string? Find(string name, IEnumerable<string> known)
    {
        var parts = name.Split('.');
        var prefix = PeftAdapter.Prefix.TrimEnd('.').Split('.');
        foreach (var candidate in known)
        {
            var own = candidate.Split('.');
            if (Added(parts, own) is { Count: > 0 } added)
            {
                return $"has {Quoted(added)} in its name, which a wrapper put there: the model calls it '{candidate}'";
            }

            if (Added(parts, own[prefix.Length..]) is { } others)
            {
                var foreign = others.Except(prefix).ToList();
                return $"lacks '{PeftAdapter.Prefix}' in front{(foreign.Count == 0 ? string.Empty : $" and has {Quoted(foreign)} in its name")}: the model calls it '{candidate}'";
            }
        }

        return null;
    }

    private static string Quoted(IEnumerable<string> parts) => string.Join(" and ", parts.Distinct().Select(part => $"'{part}.'"));

    // What is left of a name's parts when those of the other are taken out in order; null where they are not all in it.
    private static List<string>? Added(string[] parts, string[] own)
    {
        var added = new List<string>();
        var next = 0;
        foreach (var part in parts)
        {
            if (next < own.Length && part == own[next])
            {
                next++;
            }
            else
            {
                added.Add(part);
            }
        }

        return next == own.Length ? added : null;
    }
}
