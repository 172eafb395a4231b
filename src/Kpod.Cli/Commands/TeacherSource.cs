using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Teachers;

namespace Kpod.Cli.Commands;

/// <summary>What a teacher is to be asked: by a recipe, or by the command line alone.</summary>
/// <param name="Ask">How it is asked.</param>
/// <param name="Seed">Seed of the requests.</param>
/// <param name="Questions">The questions, those of other shards left out.</param>
/// <param name="SplitOnNewline">Whether a line's end also ends a step, where steps are counted.</param>
internal sealed record TeacherSource(TeacherOptions Ask, long Seed, IReadOnlyList<Question> Questions, bool SplitOnNewline);
