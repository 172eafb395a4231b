namespace Kpod.Quickstart.WordProblems;

/// <summary>A rationale of the scripted teacher whose keypoints are known.</summary>
/// <param name="Text">The rationale: as many sentences as calculations.</param>
/// <param name="Keypoints">Where the keypoints stand in it, in order.</param>
/// <param name="Steps">The calculations as the teacher did them.</param>
/// <param name="IsCorrect">Whether the last result is the gold answer.</param>
internal sealed record LabelledRationale(string Text, IReadOnlyList<CharacterSpan> Keypoints, IReadOnlyList<ArithmeticStep> Steps, bool IsCorrect);
