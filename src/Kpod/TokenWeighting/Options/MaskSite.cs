namespace Kpod.TokenWeighting.Options;

/// <summary>What of a rationale token the mask hides.</summary>
public enum MaskSite
{
    /// <summary>Its input embedding, so that nothing of a masked token reaches the predictor ("applying the mask m_j to each token r_j").</summary>
    TokenEmbedding,

    /// <summary>Its state after the self-attention layer of Eq. 2, as the paper's Figure 1 draws it; other positions then still carry something of it.</summary>
    AfterAttention,
}
