namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>What kind of token it is, in the sense of the paper's Figure 2, where digits and operators weigh most.</summary>
internal enum TokenClass
{
    /// <summary>Has a digit.</summary>
    Digit,

    /// <summary>Has an arithmetic operator or an equals sign, and no digit.</summary>
    Operator,

    /// <summary>Anything else.</summary>
    Other,
}
