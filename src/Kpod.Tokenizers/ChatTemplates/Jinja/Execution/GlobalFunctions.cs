using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Operations;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Execution;

/// <summary>The functions that every template has.</summary>
internal static class GlobalFunctions
{
    /// <summary>Lists them.</summary>
    /// <param name="now">The time, for <c>strftime_now</c>.</param>
    /// <returns>Each under its name.</returns>
    public static IEnumerable<KeyValuePair<string, object?>> All(DateTimeOffset now)
    {
        PythonFunction[] functions =
        [
            new("range", Range),
            new("dict", static call => Dictionary(call)),
            new("namespace", Namespace),
            new("cycler", static call => new Cycler(call.Positional)),
            new("joiner", Joiner),
            new("lipsum", static _ => throw TemplateFault.NotImplemented("the function lipsum")),
            new("raise_exception", static call => throw new TemplateFault(TemplateFault.Raised, PythonText.Str(call.Bind(("message", CallArguments.Required))[0]).Value)),
            new("strftime_now", call => TimeFormat.Apply(TextMethods.Expect(call.Bind(("format", CallArguments.Required))[0], "strftime"), now)),
        ];
        return functions.Select(function => KeyValuePair.Create<string, object?>(function.Name, function));
    }

    private static PythonRange Range(CallArguments call)
    {
        var bounds = call.Bind(("start", CallArguments.Required), ("stop", null), ("step", BigInteger.One));
        var first = PythonNumbers.ToInteger(bounds[0]);
        return call.Positional.Count == 1 ? new PythonRange(0, first, 1) : new PythonRange(first, PythonNumbers.ToInteger(bounds[1]), PythonNumbers.ToInteger(bounds[2]));
    }

    private static PythonDictionary Dictionary(CallArguments call, PythonDictionary? target = null)
    {
        var dictionary = target ?? new PythonDictionary();
        foreach (var source in call.Positional.Take(1))
        {
            var entries = source is PythonDictionary given ? given.Entries : PythonValues.Iterate(source).Select(static pair => PythonValues.ToList(pair) is [var key, var value]
                ? KeyValuePair.Create(key, value)
                : throw TemplateFault.Value("dictionary update sequence element has another length than 2"));
            foreach (var (key, value) in entries)
            {
                dictionary.Set(key, value);
            }
        }

        foreach (var (name, value) in call.Named)
        {
            dictionary.Set(TemplateText.Own(name), value);
        }

        return call.Positional.Count <= 1 ? dictionary : throw TemplateFault.Type($"dict expected at most 1 argument, got {call.Positional.Count}");
    }

    private static PythonNamespace Namespace(CallArguments call)
    {
        var space = new PythonNamespace();
        Dictionary(call, space.Attributes);
        return space;
    }

    private static PythonFunction Joiner(CallArguments call)
    {
        var separator = call.Bind(("sep", TemplateText.Own(", ")))[0];
        var isUsed = false;
        return new PythonFunction("joiner", _ =>
        {
            var joined = isUsed ? separator : TemplateText.Empty;
            isUsed = true;
            return joined;
        });
    }
}
