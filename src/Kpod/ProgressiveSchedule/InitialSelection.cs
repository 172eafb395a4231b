namespace Kpod.ProgressiveSchedule;

/// <summary>How c(0) is found: the steps that are given before the first stage. The paper does not say; all four ways meet by stage 2.</summary>
public enum InitialSelection
{
    /// <summary>From all steps given, the rule of a stage is repeated until it selects nothing more within C_0.</summary>
    RepeatedSelection,

    /// <summary>Of each rationale, as many last steps are written as stay within the initial share of its own difficulty.</summary>
    Proportional,

    /// <summary>Of each rationale, the last step is written, as the paper's Figure 1 shows it; H(0) may exceed C_0.</summary>
    LastStepOutput,

    /// <summary>All steps are given; only the answer is written.</summary>
    AnswerOnly,
}
