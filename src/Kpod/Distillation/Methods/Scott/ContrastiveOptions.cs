namespace Kpod.Distillation.Methods.Scott;

/// <summary>How SCOTT's teacher decodes.</summary>
public sealed record ContrastiveOptions
{
    /// <summary>Weight of the contrast; 0 is greedy decoding. SCOTT: 0.5.</summary>
    public double Lambda { get; init; } = 0.5;

    /// <summary>Temperature of the given stream. SCOTT: 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>The longest text, in tokens. SCOTT: 128.</summary>
    public int MaximumNewTokens { get; init; } = 128;

    /// <summary>Tokens that end a text. SCOTT: the empty line.</summary>
    public required IReadOnlyList<int> StopIds { get; init; }
}
