namespace Kpod.RationaleGeneration.Prompts;

/// <summary>Who speaks in a prompt's message.</summary>
public enum PromptRole
{
    /// <summary>The instruction in front of a conversation.</summary>
    System,

    /// <summary>The one who asks.</summary>
    User,

    /// <summary>The teacher: an earlier turn, or an example of how to answer.</summary>
    Assistant,
}
