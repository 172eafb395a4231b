using Kpod.LanguageModels.Inference;

namespace Kpod.Asking;

/// <summary>How a model is asked.</summary>
public sealed record AnswererOptions
{
    /// <summary>Whether the question goes through the model's own chat template, rather than into the prompt that students are trained on.</summary>
    public bool UsesChatTemplate { get; init; }

    /// <summary>What the system message says; null for none. Only a chat template has one.</summary>
    public string? System { get; init; }

    /// <summary>Length, sampling and stop texts of the answer.</summary>
    public GenerationOptions Generation { get; init; } = new();

    /// <summary>Names what does not fit together.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check() => System is not null && !UsesChatTemplate
        ? Generation.Check("generation").Append("a system message needs the chat template; add --chat or leave --system out.")
        : Generation.Check("generation");
}
