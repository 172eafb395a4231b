namespace Kpod.Quickstart;

/// <summary>Architecture of the quickstart's base.</summary>
public enum QuickstartFamily
{
    /// <summary>A causal decoder.</summary>
    Llama,

    /// <summary>An encoder-decoder of the T5 v1.1 kind.</summary>
    T5,
}
