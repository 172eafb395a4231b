using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kpod.Files;
using YamlDotNet.RepresentationModel;

namespace Kpod.Recipes;

/// <summary>
/// Fills option records from a recipe's YAML, strictly: an unknown key, a missing one, a value of the wrong kind and a path that does not exist are faults,
/// all collected, each with file, line and key. Defaults stay where the records write them.
/// </summary>
internal sealed class OptionsBinder
{
    private const int MostEditsOfASuggestion = 3;

    private readonly string _file;
    private readonly string _folder;
    private readonly bool _checkPaths;
    private readonly string _owner;

    /// <summary>Binds one file.</summary>
    /// <param name="file">The file's full path.</param>
    /// <param name="checkPaths">Whether a path that names nothing is a fault.</param>
    /// <param name="owner">What the file is, for messages.</param>
    public OptionsBinder(string file, bool checkPaths = true, string owner = "a recipe")
    {
        _checkPaths = checkPaths;
        _owner = owner;
        _file = file;
        _folder = Path.GetDirectoryName(file)!;
    }

    /// <summary>What was found wrong so far.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Fills a record.</summary>
    /// <param name="type">A sealed record with a constructor without parameters.</param>
    /// <param name="node">The YAML mapping.</param>
    /// <param name="path">Dotted path of the mapping's key, empty at the root.</param>
    /// <returns>The record; incomplete where <see cref="Faults"/> grew.</returns>
    public object Bind(Type type, YamlNode node, string path)
    {
        var record = Activator.CreateInstance(type)!;
        if (node is not YamlMappingNode mapping)
        {
            Fault(node, path, "takes a mapping of keys");
            return record;
        }

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)
            .ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), StringComparer.Ordinal);
        foreach (var (keyNode, value) in mapping.Children)
        {
            var key = (keyNode as YamlScalarNode)?.Value ?? string.Empty;
            var full = path.Length == 0 ? key : $"{path}.{key}";
            if (!properties.TryGetValue(key, out var property))
            {
                Fault(keyNode, full, $"is no key of {_owner}." + Suggest(key, properties.Keys));
            }
            else if (Value(property, value, full) is { } bound)
            {
                property.SetValue(record, bound);
            }
        }

        foreach (var (key, property) in properties)
        {
            if (property.GetCustomAttribute<RequiredMemberAttribute>() is not null && !mapping.Children.ContainsKey(new YamlScalarNode(key)))
            {
                Fault(node, path.Length == 0 ? key : $"{path}.{key}", "is missing");
            }
        }

        return record;
    }

    private object? Value(PropertyInfo property, YamlNode node, string path)
    {
        var attribute = property.GetCustomAttribute<RecipePathAttribute>();
        if (property.PropertyType == typeof(DataPaths) && node is YamlSequenceNode { Children.Count: > 0 } several)
        {
            var paths = several.Select((item, index) => Resolve(attribute!, Value(typeof(string), item, $"{path}[{index}]"), item, $"{path}[{index}]")).OfType<string>().ToList();
            return paths.Count == 0 ? null : DataPaths.Of(paths);
        }

        var value = Bounded(property, Value(property.PropertyType == typeof(DataPaths) ? typeof(string) : property.PropertyType, node, path), node, path);
        if (attribute is null || value is null)
        {
            return value;
        }

        return Resolve(attribute, value, node, path) is not { } whole ? null : property.PropertyType == typeof(DataPaths) ? (object)(DataPaths)whole : whole;
    }

    private string? Resolve(RecipePathAttribute attribute, object? value, YamlNode node, string path)
    {
        if (value is null)
        {
            return null;
        }

        if (UserPath.Expand((string)value, out var unset) is not { } expanded)
        {
            Fault(node, path, $"names {value}, but the environment variable {unset} is not set");
            return null;
        }

        if (UserPath.Fault(expanded) is { } fault)
        {
            Fault(node, path, fault);
            return null;
        }

        var resolved = UserPath.Full(Path.Combine(_folder, expanded), path);
        if (_checkPaths && attribute.MustExist && !Path.Exists(resolved))
        {
            Fault(node, path, $"names {value}, and there is no {resolved}. Put it there, or change the path (paths are relative to {_folder})");
        }

        ((YamlScalarNode)node).Value = resolved; // so that the copy in a run's folder means the same files
        return resolved;
    }

    private object? Bounded(PropertyInfo property, object? value, YamlNode node, string path)
    {
        var most = property.GetCustomAttribute<AtMostAttribute>()?.Value ?? AtMostAttribute.Usual;
        var fault = value switch
        {
            int number when number > most => FormattableString.Invariant($"is {number}; the most is {most}"),
            double number when Math.Abs(number) > AtMostAttribute.UsualReal => FormattableString.Invariant($"is {number}; it must lie between -{AtMostAttribute.UsualReal:0} and {AtMostAttribute.UsualReal:0}"),
            _ => null,
        };
        if (fault is not null)
        {
            Fault(node, path, fault);
        }

        return fault is null ? value : null;
    }

    private object? Value(Type type, YamlNode node, string path)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (node is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "" or "null" or "~" })
        {
            return null; // an empty value leaves the default
        }

        if (plain.IsGenericType && plain.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return List(plain.GetGenericArguments()[0], node, path);
        }

        if (plain.IsClass && plain != typeof(string))
        {
            return Bind(plain, node, path);
        }

        if (node is not YamlScalarNode { Value: { } text })
        {
            Fault(node, path, "takes a single value");
            return null;
        }

        return Scalar(plain, text, node, path);
    }

    private Array? List(Type element, YamlNode node, string path)
    {
        if (node is not YamlSequenceNode sequence)
        {
            Fault(node, path, "takes a list, such as [a, b]");
            return null;
        }

        var items = sequence.Select((item, index) => Value(element, item, $"{path}[{index}]")).OfType<object>().ToArray();
        var list = Array.CreateInstance(element, items.Length);
        Array.Copy(items, list, items.Length);
        return list;
    }

    private object? Scalar(Type type, string text, YamlNode node, string path)
    {
        if (type.IsEnum)
        {
            var names = Enum.GetNames(type).ToDictionary(JsonNamingPolicy.CamelCase.ConvertName, name => name, StringComparer.Ordinal);
            if (names.TryGetValue(text, out var name))
            {
                return Enum.Parse(type, name);
            }

            Fault(node, path, $"is '{SafeText.OneLine(text)}'; it is one of {string.Join(", ", names.Keys)}." + Suggest(text, names.Keys));
            return null;
        }

        var culture = CultureInfo.InvariantCulture;
        switch (Type.GetTypeCode(type))
        {
            case TypeCode.String: return text;
            case TypeCode.Boolean when text is "true" or "false": return text == "true";
            case TypeCode.Int32 when int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number): return number;
            case TypeCode.Int64 when long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number): return number;
            case TypeCode.Double when double.TryParse(text, NumberStyles.Float, culture, out var number) && double.IsFinite(number): return number;
            default:
                Fault(node, path, $"is '{text}'; it takes {Kind(type)}");
                return null;
        }
    }

    private static string Kind(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Double => "a number",
        _ => type.Name,
    };

    private void Fault(YamlNode node, string path, string message)
    {
        var place = node.Start.Line > 0 ? $"{_file}, line {node.Start.Line}, column {node.Start.Column}: " : $"{_file}: ";
        Faults.Add($"{place}{path} {message}{(message.EndsWith('.') || message.EndsWith('?') ? string.Empty : ".")}");
    }

    private static string Suggest(string word, IEnumerable<string> known)
    {
        var (nearest, edits) = known.Select(candidate => (candidate, Edits(word, candidate))).OrderBy(pair => pair.Item2).FirstOrDefault();
        return nearest is not null && edits <= MostEditsOfASuggestion ? $" Did you mean {nearest}?" : $" Known here: {string.Join(", ", known)}.";
    }

    // Levenshtein distance, ignoring case.
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[b.Length];
    }
}
