using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kpod.Recipes;

/// <summary>Goes through a YAML text event by event before anything is built of it: how deep it nests, and how much it is once every alias is written out. An alias in what it stands for would have no end.</summary>
internal static class YamlGuard
{
    private const int Deepest = 32;
    private const long MostNodes = 100_000;

    /// <summary>Checks a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="place">The file, for the message.</param>
    /// <exception cref="KpodException">It is nested too deep, is too much, or an alias contains itself.</exception>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static void Check(string text, string place)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var sizes = new Dictionary<AnchorName, long>();
        var open = new Stack<(AnchorName Anchor, long Size)>();
        open.Push((AnchorName.Empty, 0));
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case MappingStart or SequenceStart:
                    open.Push((((NodeEvent)parser.Current).Anchor, 1));
                    Refuse(open.Count > Deepest, place, parser.Current, $"is nested more than {Deepest} deep");
                    break;
                case MappingEnd or SequenceEnd:
                    var (anchor, size) = open.Pop();
                    Add(anchor, size, parser.Current);
                    break;
                case Scalar scalar:
                    Add(scalar.Anchor, 1, scalar);
                    break;
                case AnchorAlias alias:
                    Refuse(open.Any(node => node.Anchor == alias.Value), place, alias, $"the alias *{alias.Value} stands in what it stands for");
                    Add(AnchorName.Empty, sizes.GetValueOrDefault(alias.Value, 1), alias);
                    break;
            }
        }

        void Add(AnchorName anchor, long size, ParsingEvent at)
        {
            var (outer, sum) = open.Pop();
            open.Push((outer, sum + size));
            Refuse(sum + size > MostNodes, place, at, string.Create(CultureInfo.InvariantCulture, $"holds more than {MostNodes} values, aliases written out"));
            if (!anchor.IsEmpty)
            {
                sizes[anchor] = size;
            }
        }
    }

    private static void Refuse(bool isFault, string place, ParsingEvent at, string what)
    {
        if (isFault)
        {
            throw new KpodException($"{place}, line {at.Start.Line}, column {at.Start.Column}: {what}; no recipe or file of prices needs that.");
        }
    }
}
