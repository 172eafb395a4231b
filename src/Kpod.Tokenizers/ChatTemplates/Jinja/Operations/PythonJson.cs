using System.Globalization;
using System.Numerics;
using System.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Operations;

/// <summary>Writes JSON as Python's <c>json.dumps</c> does.</summary>
/// <param name="ensuresAscii">Whether other characters are escaped.</param>
/// <param name="indent">What a level is indented by; null for one line.</param>
/// <param name="itemSeparator">Between items.</param>
/// <param name="keySeparator">Between key and value.</param>
/// <param name="sortsKeys">Whether keys are sorted.</param>
internal sealed class PythonJson(bool ensuresAscii, TemplateText? indent, TemplateText itemSeparator, TemplateText keySeparator, bool sortsKeys)
{
    private readonly TemplateTextBuilder _json = new();

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The JSON.</returns>
    /// <exception cref="TemplateFault">It has no JSON.</exception>
    public TemplateText Write(object? value)
    {
        Append(value, 0);
        return _json.ToText();
    }

    private void Append(object? value, int depth)
    {
        RenderBudget.Step();
        switch (value)
        {
            case TemplateText text:
                AppendText(text);
                break;
            case PythonList or PythonTuple:
                AppendItems('[', PythonValues.ToList(value), item => Append(item, depth + 1), ']', depth);
                break;
            case PythonDictionary dictionary:
                var entries = dictionary.Entries;
                entries = sortsKeys ? PythonComparison.Sort(entries, static entry => entry.Key) : entries;
                AppendItems('{', [.. entries], entry => AppendEntry(entry, depth + 1), '}', depth);
                break;
            default:
                _json.Append(Scalar(value) ?? throw TemplateFault.Type($"Object of type {TypeNames.Of(value)} is not JSON serializable"));
                break;
        }
    }

    private static string? Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double real when double.IsNaN(real) => "NaN",
        double real when double.IsInfinity(real) => real < 0 ? "-Infinity" : "Infinity",
        BigInteger or double => PythonNumbers.Print(value),
        _ => null,
    };

    private void AppendEntry(KeyValuePair<object?, object?> entry, int depth)
    {
        AppendText(entry.Key as TemplateText ?? TemplateText.Own(Scalar(entry.Key)
            ?? throw TemplateFault.Type($"keys must be str, int, float, bool or None, not {TypeNames.Of(entry.Key)}")));
        _json.Append(keySeparator);
        Append(entry.Value, depth);
    }

    private void AppendItems<T>(char open, IReadOnlyList<T> items, Action<T> append, char close, int depth)
    {
        _json.Append([open]);
        for (var index = 0; index < items.Count; index++)
        {
            _json.Append(index > 0 ? itemSeparator : TemplateText.Empty);
            AppendLine(depth + 1);
            append(items[index]);
        }

        if (items.Count > 0)
        {
            AppendLine(depth);
        }

        _json.Append([close]);
    }

    private void AppendLine(int depth)
    {
        if (indent is not null)
        {
            _json.Append("\n").Append(indent, depth);
        }
    }

    private void AppendText(TemplateText text)
    {
        _json.Append("\"");
        var at = 0;
        foreach (var run in text.Runs)
        {
            _json.Append(Escape(text.Value.AsSpan(at, run.Length)), run.IsForeign);
            at += run.Length;
        }

        _json.Append("\"");
    }

    private string Escape(ReadOnlySpan<char> text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append(@"\\"),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\t' => escaped.Append(@"\t"),
                '\b' => escaped.Append(@"\b"),
                '\f' => escaped.Append(@"\f"),
                < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                > '~' when ensuresAscii => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => escaped.Append(unit),
            };
        }

        return escaped.ToString();
    }
}
