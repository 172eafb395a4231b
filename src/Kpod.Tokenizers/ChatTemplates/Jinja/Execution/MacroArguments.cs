using Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Execution;

/// <summary>Gives a macro's parameters their values.</summary>
internal static class MacroArguments
{
    /// <summary>Sets the parameters, and <c>varargs</c>, <c>kwargs</c> and <c>caller</c> where the macro uses them.</summary>
    /// <param name="name">The macro, for errors.</param>
    /// <param name="definition">What it does.</param>
    /// <param name="call">The arguments.</param>
    /// <param name="scope">The macro's own variables.</param>
    /// <exception cref="TemplateFault">The macro does not take such arguments.</exception>
    public static void Bind(string name, MacroDefinition definition, CallArguments call, Scope scope)
    {
        var parameters = definition.Parameters;
        var named = call.Named.ToList();
        for (var place = 0; place < parameters.Count; place++)
        {
            var parameter = parameters[place];
            if (place < call.Positional.Count)
            {
                scope.Set(parameter.Name, call.Positional[place]);
                continue;
            }

            var given = named.FindIndex(argument => argument.Key == parameter.Name);
            scope.Set(parameter.Name, given >= 0 ? named[given].Value
                : parameter.Default is { } value ? ExpressionEvaluator.Evaluate(value, scope)
                : new Undefined($"parameter {PythonText.Repr(parameter.Name)} was not provided"));
            if (given >= 0)
            {
                named.RemoveAt(given);
            }
        }

        BindRest(name, definition, call, named, scope);
    }

    private static void BindRest(string name, MacroDefinition definition, CallArguments call, List<KeyValuePair<string, object?>> named, Scope scope)
    {
        var takes = (string special) => definition.Names.Contains(special) && definition.Parameters.All(parameter => parameter.Name != special);
        if (takes("caller"))
        {
            var given = named.FindIndex(argument => argument.Key == "caller");
            scope.Set("caller", given >= 0 ? named[given].Value : new Undefined("No caller defined"));
            named.RemoveAll(argument => argument.Key == "caller");
        }

        if (takes("kwargs"))
        {
            var rest = new PythonDictionary();
            named.ForEach(argument => rest.Set(TemplateText.Own(argument.Key), argument.Value));
            scope.Set("kwargs", rest);
        }
        else if (named.Count > 0)
        {
            throw TemplateFault.Type($"macro {PythonText.Repr(name)} takes no keyword argument {PythonText.Repr(named[0].Key)}");
        }

        if (takes("varargs"))
        {
            scope.Set("varargs", new PythonTuple([.. call.Positional.Skip(definition.Parameters.Count)]));
        }
        else if (call.Positional.Count > definition.Parameters.Count)
        {
            throw TemplateFault.Type($"macro {PythonText.Repr(name)} takes not more than {definition.Parameters.Count} argument(s)");
        }
    }
}
