namespace Kpod.Distillation.Options;

/// <summary>What the student is taught with; the recipe's key <c>method</c>.</summary>
public enum DistillationMethod
{
    /// <summary>The paper's: token weights and the progressive schedule (Eq. 15).</summary>
    Kpod,

    /// <summary>Plain chain-of-thought distillation: every token of the whole rationale counts alike (Eq. 1).</summary>
    Cot,
}
