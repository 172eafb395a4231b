using Kpod.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kpod.Recipes;

/// <summary>A recipe's YAML before it is bound to options: overrides and variants are merged into it at this level.</summary>
public sealed class RecipeDocument
{
    /// <summary>The most bytes of a recipe or a file of prices; looked at before it is read.</summary>
    internal const long LongestFile = Runs.RunFiles.LongestRecipe;

    private const int MostKeys = 8;
    private const int LongestQuote = 100;

    private RecipeDocument(string path, YamlMappingNode root)
    {
        FullPath = path;
        Root = root;
    }

    /// <summary>The recipe's file.</summary>
    public string FullPath { get; }

    /// <summary>The document's mapping.</summary>
    internal YamlMappingNode Root { get; }

    /// <summary>Reads a recipe's file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The document.</returns>
    /// <exception cref="KpodException">The file is missing or is no YAML mapping; the message names file and line.</exception>
    public static RecipeDocument Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new KpodException($"{path}: no such recipe. Recipes that come with Kpod are in the folder recipes/.");
        }

        return Parse(path, JsonArtefact.ReadText(path, LongestFile));
    }

    /// <summary>Reads a recipe from text.</summary>
    /// <param name="path">The file that it stands for: messages name it, and paths are relative to its folder.</param>
    /// <param name="text">YAML.</param>
    /// <returns>The document.</returns>
    public static RecipeDocument Parse(string path, string text) => Parse(path, text, "a recipe is one YAML mapping with the keys name, method, seed, student, dataset and so on.");

    /// <summary>Reads another file of options from text.</summary>
    /// <param name="path">The file that it stands for.</param>
    /// <param name="text">YAML.</param>
    /// <param name="expectation">What it should be, for the message where it is no mapping.</param>
    /// <returns>The document.</returns>
    internal static RecipeDocument Parse(string path, string text, string expectation)
    {
        var stream = new YamlStream();
        try
        {
            YamlGuard.Check(text, path);
            using var reader = new StringReader(text);
            stream.Load(reader);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new KpodException($"{path}: no YAML ({exception.Message})", exception);
        }
        catch (YamlException exception)
        {
            throw new KpodException($"{path}, line {exception.Start.Line}, column {exception.Start.Column}: no YAML ({exception.Message})", exception);
        }

        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            throw new KpodException($"{path}: {expectation}");
        }

        return new RecipeDocument(Path.GetFullPath(path), root);
    }

    /// <summary>The document with keys replaced.</summary>
    /// <param name="overrides">Each of the form <c>section.key=value</c>; the value is YAML.</param>
    /// <returns>A new document.</returns>
    /// <exception cref="KpodException">An override has no <c>=</c>.</exception>
    public RecipeDocument With(IEnumerable<string> overrides)
    {
        var root = (YamlMappingNode)Copy(Root);
        foreach (var text in overrides)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new KpodException($"--set {text}: an override has the form section.key=value, such as distillation.epochs=3.");
            }

            var keys = text[..equals].Split('.');
            if (keys.Length > MostKeys || !Parse("--set", $"value: {text[(equals + 1)..]}").Root.Children.TryGetValue(new YamlScalarNode("value"), out var value))
            {
                throw new KpodException($"--set {SafeText.OneLine(text.Length > LongestQuote ? text[..LongestQuote] + "..." : text)}: names no key of a recipe, or gives it no value; the form is section.key=value.");
            }

            Merge(root, keys.Reverse().Aggregate<string, YamlNode>(value, (inner, key) => new YamlMappingNode(new YamlScalarNode(key), inner)));
        }

        return new RecipeDocument(FullPath, root);
    }

    /// <summary>The document itself as one recipe, without its list of variants.</summary>
    /// <returns>A new document.</returns>
    public RecipeDocument WithoutVariants()
    {
        var root = (YamlMappingNode)Copy(Root);
        root.Children.Remove(new YamlScalarNode("variants"));
        return new RecipeDocument(FullPath, root);
    }

    /// <summary>The recipe's variants as documents of their own, each the recipe with the variant's keys in place; empty where it lists none.</summary>
    /// <returns>One document a variant.</returns>
    /// <exception cref="KpodException">The key <c>variants</c> is no list of mappings with a name.</exception>
    public IReadOnlyList<RecipeDocument> Variants()
    {
        var key = new YamlScalarNode("variants");
        if (!Root.Children.TryGetValue(key, out var list))
        {
            return [];
        }

        if (list is not YamlSequenceNode { Children.Count: > 0 } sequence || sequence.Any(item => item is not YamlMappingNode mapping || !mapping.Children.ContainsKey(new YamlScalarNode("name"))))
        {
            throw new KpodException($"{FullPath}, line {list.Start.Line}: variants is a list of mappings, each with a name and the keys that differ.");
        }

        return [.. sequence.Cast<YamlMappingNode>().Select(variant =>
        {
            var root = (YamlMappingNode)Copy(Root);
            root.Children.Remove(key);
            Merge(root, variant);
            return new RecipeDocument(FullPath, root);
        })];
    }

    /// <summary>The document as YAML text.</summary>
    /// <returns>One document, <c>\n</c> line ends.</returns>
    public string ToYaml()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(Copy(Root))).Save(writer, assignAnchors: false);
        var text = writer.ToString();
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }

    private static void Merge(YamlMappingNode target, YamlNode source)
    {
        foreach (var (key, value) in ((YamlMappingNode)source).Children)
        {
            if (value is YamlMappingNode inner && target.Children.TryGetValue(key, out var existing) && existing is YamlMappingNode mapping)
            {
                Merge(mapping, inner);
            }
            else
            {
                target.Children[key] = Copy(value);
            }
        }
    }

    // Keeps the places in the file, which messages name.
    private static YamlNode Copy(YamlNode node) => node switch
    {
        YamlMappingNode mapping => CopyMapping(mapping),
        YamlSequenceNode sequence => new YamlSequenceNode(sequence.Children.Select(Copy)),
        _ => node,
    };

    private static YamlMappingNode CopyMapping(YamlMappingNode mapping)
    {
        var copy = new YamlMappingNode();
        foreach (var (key, value) in mapping.Children)
        {
            copy.Children[key] = Copy(value);
        }

        return copy;
    }
}
