using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Teachers.Budget;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>What a teacher gave for a set of questions.</summary>
/// <param name="Rationales">Rationales by question id, sample by sample.</param>
/// <param name="Usage">What they took.</param>
public sealed record GeneratedRationales(IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>> Rationales, TeacherUsage Usage);
