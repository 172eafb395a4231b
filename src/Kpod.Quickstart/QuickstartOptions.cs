namespace Kpod.Quickstart;

/// <summary>What the quickstart makes.</summary>
public sealed record QuickstartOptions
{
    /// <summary>Every use of chance follows from it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Architecture of the base and student.</summary>
    public QuickstartFamily Family { get; init; } = QuickstartFamily.Llama;

    /// <summary>How much of everything.</summary>
    public QuickstartSize Size { get; init; } = QuickstartSize.Full;
}
