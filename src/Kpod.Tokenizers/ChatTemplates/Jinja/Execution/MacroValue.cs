using Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Execution;

/// <summary>A macro as a value.</summary>
/// <param name="name">Its name; null for the body of a call block.</param>
/// <param name="definition">What it does.</param>
/// <param name="call">Calls it.</param>
internal sealed class MacroValue(string? name, MacroDefinition definition, Func<CallArguments, TemplateText> call) : INamedValue
{
    /// <inheritdoc/>
    public bool IsCallable => true;

    /// <inheritdoc/>
    public string TypeName => "Macro";

    /// <summary>Its name for errors.</summary>
    public string Name => name ?? "caller";

    /// <inheritdoc/>
    public string Printed => name is null ? "<Macro anonymous>" : $"<Macro {PythonText.Repr(name)}>";

    /// <summary>Calls it.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>What it printed.</returns>
    public TemplateText Call(CallArguments arguments) => call(arguments);

    /// <inheritdoc/>
    public bool TryGetAttribute(string attribute, out object? value)
    {
        value = attribute switch
        {
            "name" => name is null ? null : TemplateText.Own(name),
            "arguments" => new PythonTuple([.. definition.Parameters.Select(parameter => TemplateText.Own(parameter.Name))]),
            "catch_kwargs" => definition.Names.Contains("kwargs"),
            "catch_varargs" => definition.Names.Contains("varargs"),
            "caller" => definition.Names.Contains("caller"),
            _ => null,
        };
        return value is not null || attribute == "name";
    }
}
