namespace Kpod.RationaleGeneration.Prompts;

/// <summary>One message of a prompt.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Text">What is said, as sent.</param>
public sealed record PromptMessage(PromptRole Role, string Text);
