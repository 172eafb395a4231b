using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.Distillation.Methods.Scott;

/// <summary>
/// The word that tells SCOTT's student (Wang et al., 2023) which way to reason. Plain text, no new token: it stands in front of the question, and in front of the rationale, where it is a label of the factual loss and is given at inference.
/// </summary>
internal static class ScottTag
{
    /// <summary>Before rationales of the gold answer.</summary>
    public const string Factual = "[factual]";

    /// <summary>Before rationales of a wrong answer.</summary>
    public const string Counterfactual = "[counterfactual]";

    /// <summary>Puts a tag in front of a question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="tag">The tag.</param>
    /// <returns>The question that the student reads.</returns>
    public static Question On(Question question, string tag) => question with { Text = $"{tag} {question.Text.Trim()}" };

    /// <summary>Puts a tag in front of a rationale.</summary>
    /// <param name="rationale">The rationale.</param>
    /// <param name="tag">The tag.</param>
    /// <returns>The rationale that the student writes.</returns>
    public static Rationale On(Rationale rationale, string tag) => rationale with { Text = $"{tag} {rationale.Text.Trim()}" };
}
