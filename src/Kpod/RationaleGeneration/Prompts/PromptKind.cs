namespace Kpod.RationaleGeneration.Prompts;

/// <summary>The forms in which a teacher can be asked.</summary>
public enum PromptKind
{
    /// <summary>The paper's: the question and "Let's think step by step." (<see cref="ZeroShotPrompt"/>).</summary>
    ZeroShot,

    /// <summary>The rationale first, then "Therefore, the answer is" (<see cref="TwoTurnPrompt"/>).</summary>
    TwoTurn,

    /// <summary>Worked examples in front of the question (<see cref="FewShotPrompt"/>).</summary>
    FewShot,

    /// <summary>The gold answer is given and is to be explained (<see cref="AnswerGivenPrompt"/>).</summary>
    AnswerGiven,

    /// <summary>A wrong answer is given and is to be explained (<see cref="AnswerGivenPrompt"/>).</summary>
    Counterfactual,
}
