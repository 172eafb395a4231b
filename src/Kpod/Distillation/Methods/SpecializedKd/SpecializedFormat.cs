namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>The four forms in which Specialized KD (Fu et al., 2023) puts a question: with or without demonstrations, with or without the chain of thought.</summary>
internal enum SpecializedFormat
{
    /// <summary>The question; the answer sentence is learned.</summary>
    ZeroShotAnswerOnly,

    /// <summary>The question; the whole chain is learned.</summary>
    ZeroShotCot,

    /// <summary>Demonstrations and the question; the answer sentence is learned.</summary>
    InContextAnswerOnly,

    /// <summary>Demonstrations with their solutions and the question; the whole chain is learned.</summary>
    InContextCot,
}
