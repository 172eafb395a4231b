namespace Kpod.Distillation.Methods.SymbolicCot;

/// <summary>Which of a question's sampled chains SCoTD (Li et al., 2023) learns from.</summary>
public enum SamplingVariant
{
    /// <summary>Every chain, whatever its answer: the setting without labels.</summary>
    NoFilter,

    /// <summary>Every correct chain is an example of its own.</summary>
    AllCorrectPaths,

    /// <summary>One visit a question and epoch, each time to one of its correct chains drawn anew: the published training.</summary>
    AllCorrectPathsBalanced,

    /// <summary>The first correct chain of each question.</summary>
    OneCorrectPath,

    /// <summary>The answer alone for each question that has a correct chain: label fine-tuning.</summary>
    AnswerOnly,
}
