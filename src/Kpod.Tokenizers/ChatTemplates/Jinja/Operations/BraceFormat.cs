using System.Globalization;
using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Operations;

/// <summary>Python's <c>str.format</c>, its fields looked up within the sandbox.</summary>
internal static class BraceFormat
{
    /// <summary>Formats values.</summary>
    /// <param name="format">The text with its fields: <c>{}</c>, <c>{0}</c>, <c>{name.attribute[item]!r:specification}</c>.</param>
    /// <param name="call">The values.</param>
    /// <returns>The text.</returns>
    /// <exception cref="TemplateFault">Fields and values do not fit.</exception>
    public static TemplateText Apply(TemplateText format, CallArguments call)
    {
        var (result, text, automatic) = (new TemplateTextBuilder(), format.Value, 0);
        for (var at = 0; at < text.Length;)
        {
            var mark = text.AsSpan(at).IndexOfAny('{', '}');
            result.Append(format.CutUnits(at, mark < 0 ? text.Length : at + mark));
            if (mark < 0)
            {
                break;
            }

            at += mark;
            if (at + 1 < text.Length && text[at + 1] == text[at])
            {
                result.Append(format.CutUnits(at, at + 1));
                at += 2;
                continue;
            }

            var end = text[at] == '{' ? text.IndexOf('}', at) : -1;
            if (end < 0)
            {
                throw TemplateFault.Value(text[at] == '{' ? "expected '}' before end of string" : "Single '}' encountered in format string");
            }

            result.Append(Field(text[(at + 1)..end], call, ref automatic));
            at = end + 1;
        }

        return result.ToText();
    }

    private static TemplateText Field(string field, CallArguments call, ref int automatic)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        var (name, specification) = colon < 0 ? (field, string.Empty) : (field[..colon], field[(colon + 1)..]);
        var conversion = name.Length > 1 && name[^2] == '!' ? name[^1] : (char?)null;
        name = conversion is null ? name : name[..^2];
        if (specification.Contains('{', StringComparison.Ordinal))
        {
            throw TemplateFault.NotImplemented("a field inside a format specification");
        }

        var value = Look(name, call, ref automatic);
        value = conversion switch
        {
            null => value,
            'r' or 'a' => PythonText.Repr(value),
            's' => PythonText.Str(value),
            _ => throw TemplateFault.Value($"Unknown conversion specifier '{conversion}'"),
        };
        return NumberFormat.Parse(specification).Apply(value);
    }

    private static object? Look(string name, CallArguments call, ref int automatic)
    {
        var split = name.AsSpan().IndexOfAny('.', '[') is >= 0 and var place ? place : name.Length;
        var first = name[..split];
        if (first.Length == 0 ? automatic < 0 : automatic > 0 && char.IsAsciiDigit(first[0]))
        {
            throw TemplateFault.Value("cannot switch between automatic field numbering and manual field specification");
        }

        var number = first.Length == 0 ? automatic++ : int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var stated) ? stated : -1;
        automatic = number >= 0 && first.Length > 0 ? -1 : automatic;
        var value = number >= call.Positional.Count ? throw new TemplateFault("IndexError", $"Replacement index {number} out of range for positional args tuple")
            : number >= 0 ? call.Positional[number]
            : call.Named.Any(argument => argument.Key == first) ? call.Named.First(argument => argument.Key == first).Value
            : throw new TemplateFault("KeyError", PythonText.Repr(first));
        for (var at = split; at < name.Length;)
        {
            var end = name[at] == '[' ? name.IndexOf(']', at) : name.AsSpan(at + 1).IndexOfAny('.', '[') is >= 0 and var next ? at + 1 + next : name.Length;
            if (end < 0)
            {
                throw TemplateFault.Value("Missing ']' in format string");
            }

            var key = name[(at + 1)..end];
            value = name[at] == '.' ? PythonMembers.Attribute(value, key)
                : PythonMembers.Item(value, int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new BigInteger(index) : TemplateText.Own(key));
            at = name[at] == '[' ? end + 1 : end;
        }

        return value;
    }
}
