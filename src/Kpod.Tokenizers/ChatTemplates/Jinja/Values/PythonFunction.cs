namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>Something that a template can call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Call">What it does.</param>
internal sealed record PythonFunction(string Name, Func<CallArguments, object?> Call);
