namespace Kpod.Distillation.Methods.Scott;

/// <summary>Why contrastive decoding ended.</summary>
internal enum ContrastiveEnd
{
    /// <summary>It had written as many tokens as it may.</summary>
    Length,

    /// <summary>The given prompt alone would have stopped.</summary>
    PlainStop,

    /// <summary>The best score was a stop token's.</summary>
    ContrastiveStop,
}
