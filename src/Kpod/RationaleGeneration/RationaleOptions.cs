using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Quality;
using Kpod.RationaleGeneration.Teachers;
using Kpod.Recipes;

namespace Kpod.RationaleGeneration;

/// <summary>Which rationales are learned from; the recipe's section <c>rationales</c>.</summary>
public sealed record RationaleOptions
{
    /// <summary>A file of recorded rationales: JSON Lines with questionId and text (a run's <c>02-rationales.jsonl</c> will do). Null for those in the data set's own file.</summary>
    [RecipePath]
    public string? File { get; init; }

    /// <summary>A live teacher to be asked; null for rationales that are recorded already.</summary>
    public TeacherOptions? Ask { get; init; }

    /// <summary>Takes only this teacher's; null for all.</summary>
    public string? Teacher { get; init; }

    /// <summary>Whether rationales with a wrong answer are dropped. The paper does not say; its models do so.</summary>
    public RationaleSelection Filter { get; init; } = RationaleSelection.CorrectOnly;

    /// <summary>The most rationales a question. The paper has one; more of them keep a small student from overfitting.</summary>
    public int PerQuestion { get; init; } = 1;

    /// <summary>Which ones, where a question has more.</summary>
    public RationalePick Pick { get; init; } = RationalePick.First;

    /// <summary>Which rationales are marked as near duplicates of an earlier one.</summary>
    public DuplicateOptions Duplicates { get; init; } = new();

    /// <summary>The most tokens of prompt, rationale and answer together; longer ones are dropped before anything is computed from them.</summary>
    public int MaximumTokens { get; init; } = 512;

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        if (PerQuestion < 1)
        {
            yield return $"rationales.perQuestion is {PerQuestion}; it must be 1 or more.";
        }

        if (MaximumTokens < 8)
        {
            yield return $"rationales.maximumTokens is {MaximumTokens}; it must be 8 or more.";
        }

        if (Ask is not null && File is not null)
        {
            yield return "rationales.file and rationales.ask exclude each other: rationales are recorded already, or a teacher is asked for them; leave one out.";
        }

        if (Ask is { Prompt: PromptKind.Counterfactual } && Filter == RationaleSelection.CorrectOnly)
        {
            yield return "rationales.ask.prompt is counterfactual, whose answers are wrong on purpose, and rationales.filter would drop them all; set it to keepAll.";
        }

        foreach (var fault in Duplicates.Check().Concat(Ask?.Check("rationales.ask.") ?? []))
        {
            yield return fault;
        }
    }
}
