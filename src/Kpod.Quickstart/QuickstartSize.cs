namespace Kpod.Quickstart;

/// <summary>How much the quickstart does.</summary>
public enum QuickstartSize
{
    /// <summary>A few minutes on two cores; its accuracies mean something.</summary>
    Full,

    /// <summary>Well under a minute; shows that everything works, and nothing else.</summary>
    Small,
}
