using Kpod.Datasets;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.RationaleGeneration.Quality;

/// <summary>What one teacher's rationales are worth.</summary>
/// <param name="Teacher">Who wrote them.</param>
/// <param name="Samples">Rationales, whatever became of them.</param>
/// <param name="Correct">Those that give the gold answer.</param>
/// <param name="Accuracy">Share of the correct ones, from 0 to 1.</param>
/// <param name="Kept">Those that are learned from.</param>
/// <param name="Words">Lengths in words; null where no rationale has one.</param>
/// <param name="Steps">Numbers of steps; null where no rationale has one.</param>
/// <param name="OutputTokens">Tokens that the teacher wrote, as far as its server counted them; null where it never did.</param>
/// <param name="Cost">What they cost, as far as that is known; null where it is known of none.</param>
/// <param name="Currency">Currency of the cost; null where none is known, or several are mixed.</param>
/// <param name="Costed">Rationales whose cost is known.</param>
public sealed record TeacherFigures(
    string Teacher, int Samples, int Correct, double Accuracy, int Kept, Lengths? Words, Lengths? Steps, Lengths? OutputTokens, decimal? Cost, string? Currency, int Costed)
{
    /// <summary>Counts.</summary>
    /// <param name="teacher">Who wrote them.</param>
    /// <param name="rationales">The teacher's rationales, at least one.</param>
    /// <param name="steps">Number of steps of a text.</param>
    /// <returns>The figures.</returns>
    internal static TeacherFigures Of(string teacher, IReadOnlyCollection<Rationale> rationales, Func<string, int> steps)
    {
        string[] texts = [.. rationales.Where(rationale => rationale.Text.Length > 0).Select(rationale => rationale.Text)];
        var costed = rationales.Where(rationale => rationale.Cost is not null).ToArray();
        string?[] currencies = [.. costed.Select(rationale => rationale.Currency).Distinct()];
        var correct = rationales.Count(rationale => rationale.Correct);
        return new TeacherFigures(
            teacher,
            rationales.Count,
            correct,
            correct / (double)rationales.Count,
            rationales.Count(rationale => rationale.DropReason is null),
            Lengths.Of(texts.Select(text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length)),
            Lengths.Of(texts.Select(steps)),
            Lengths.Of(rationales.Select(rationale => rationale.OutputTokens).OfType<long>().Select(tokens => (int)Math.Min(tokens, int.MaxValue))),
            currencies.Length == 1 ? costed.Sum(rationale => rationale.Cost) : null,
            currencies.Length == 1 ? currencies[0] : null,
            costed.Length);
    }
}
