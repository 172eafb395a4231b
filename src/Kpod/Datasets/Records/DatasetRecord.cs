using Kpod.Datasets.Questions;

namespace Kpod.Datasets.Records;

/// <summary>One record of a data set's file.</summary>
/// <param name="Question">The question with its answer.</param>
/// <param name="Rationales">Recorded rationales, in the file's order.</param>
internal sealed record DatasetRecord(Question Question, IReadOnlyList<RecordedRationale> Rationales);
