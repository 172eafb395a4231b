using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>The arguments of a call.</summary>
/// <param name="Function">What is called, for errors.</param>
/// <param name="Positional">Arguments by place.</param>
/// <param name="Named">Arguments by name, in order.</param>
internal sealed record CallArguments(string Function, IReadOnlyList<object?> Positional, IReadOnlyList<KeyValuePair<string, object?>> Named)
{
    /// <summary>Stands for the default of a parameter that has none.</summary>
    public static readonly object Required = new();

    /// <summary>Arranges the arguments by parameters.</summary>
    /// <param name="parameters">Each parameter with its default.</param>
    /// <returns>A value for each parameter.</returns>
    /// <exception cref="TemplateFault">There are too many arguments, too few, or one that is not known.</exception>
    public object?[] Bind(params ReadOnlySpan<(string Name, object? Default)> parameters)
    {
        if (Positional.Count > parameters.Length)
        {
            throw TemplateFault.Type($"{Function}() takes at most {parameters.Length} arguments ({Positional.Count} given)");
        }

        var values = new object?[parameters.Length];
        for (var place = 0; place < values.Length; place++)
        {
            var name = parameters[place].Name;
            values[place] = place < Positional.Count ? Positional[place] : Find(name, out var value) ? value : parameters[place].Default;
            if (ReferenceEquals(values[place], Required))
            {
                throw TemplateFault.Type($"{Function}() missing a required argument: '{name}'");
            }
        }

        foreach (var (name, _) in Named)
        {
            var place = PlaceOf(name, parameters);
            if (place < Positional.Count)
            {
                throw TemplateFault.Type(place < 0 ? $"{Function}() got an unexpected keyword argument '{name}'" : $"{Function}() got multiple values for argument '{name}'");
            }
        }

        return values;
    }

    private static int PlaceOf(string name, ReadOnlySpan<(string Name, object? Default)> parameters)
    {
        for (var place = 0; place < parameters.Length; place++)
        {
            if (parameters[place].Name == name)
            {
                return place;
            }
        }

        return -1;
    }

    private bool Find(string name, out object? value)
    {
        foreach (var (given, found) in Named)
        {
            if (given == name)
            {
                value = found;
                return true;
            }
        }

        value = null;
        return false;
    }
}
