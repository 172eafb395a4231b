using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Prompts;

/// <summary>A worked example of a few-shot prompt.</summary>
/// <param name="Question">The question with its answer.</param>
/// <param name="Rationale">The rationale that leads to the answer.</param>
internal sealed record FewShotExample(Question Question, string Rationale);
