using Kpod.Datasets.Questions;
using Kpod.Datasets.Records;
using Kpod.Recipes;

namespace Kpod.Datasets;

/// <summary>The questions of a data set in its splits, with the rationales that its files bring along.</summary>
public sealed record QuestionSet
{
    private const int MostFaults = 20;

    /// <summary>Questions to learn from.</summary>
    public required IReadOnlyList<Question> Train { get; init; }

    /// <summary>Questions to choose settings by; empty where there is no such split.</summary>
    public required IReadOnlyList<Question> Validation { get; init; }

    /// <summary>Questions to be judged by; empty where there is no such split.</summary>
    public required IReadOnlyList<Question> Test { get; init; }

    /// <summary>Recorded rationales of the training questions, by question id.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>> Recorded { get; init; }

    /// <summary>What the user should know, such as a key that looks like one that is read; a sentence each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What was found out where nothing was said, such as the format; a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The splits by name, in order; only those that are there.</summary>
    public IEnumerable<(string Name, IReadOnlyList<Question> Questions)> Splits =>
        new (string Name, IReadOnlyList<Question> Questions)[] { ("train", Train), ("validation", Validation), ("test", Test) }.Where(split => split.Questions.Count > 0);

    /// <summary>The questions of a split.</summary>
    /// <param name="name"><c>train</c>, <c>validation</c> or <c>test</c>.</param>
    /// <returns>Its questions.</returns>
    public IReadOnlyList<Question> Split(string name) => Splits.FirstOrDefault(split => split.Name == name).Questions
        ?? throw new KpodException($"The data set has no split '{name}'; it has {string.Join(", ", Splits.Select(split => split.Name))}.");

    /// <summary>Reads a data set.</summary>
    /// <param name="options">Format and files.</param>
    /// <returns>Its questions.</returns>
    /// <exception cref="KpodException">A record is faulty, an id occurs twice, or a question to be judged by also stands in training; all faults at once, with file and place.</exception>
    public static QuestionSet Load(DatasetOptions options)
    {
        var findings = new SplitFindings();
        var faults = findings.Faults;
        IReadOnlyList<DatasetRecord> Read(DataPaths? paths, string split) => paths is null ? [] : DatasetFile.Read(paths, options, split, findings);
        var train = Read(options.Train, "train");
        var set = new QuestionSet
        {
            Train = [.. train.Select(record => record.Question)],
            Validation = [.. Read(options.Validation, "validation").Select(record => record.Question)],
            Test = [.. Read(options.Test, "test").Select(record => record.Question)],
            Recorded = train.GroupBy(record => record.Question.Id).ToDictionary(group => group.Key, group => group.First().Rationales),
            Remarks = findings.Remarks,
            Notes = findings.Notes,
        };
        faults.AddRange(set.Faults().Take(MostFaults));
        return faults.Count == 0 ? set : throw KpodException.FromFaults("The data set cannot be used", faults);
    }

    private IEnumerable<string> Faults()
    {
        var splitOfId = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, questions) in Splits)
        {
            foreach (var question in questions)
            {
                if (!splitOfId.TryAdd(question.Id, name))
                {
                    yield return $"the id '{question.Id}' occurs twice ({splitOfId[question.Id]} and {name}); ids must be unique over all splits.";
                }
            }
        }

        var seen = new Dictionary<string, (string Split, string Id)>(StringComparer.Ordinal);
        foreach (var (name, questions) in Splits)
        {
            foreach (var question in questions)
            {
                if (!seen.TryAdd(Identity(question), (name, question.Id)) && seen[Identity(question)] is var (split, id) && split != name)
                {
                    yield return $"the {name} question '{question.Id}' is also the {split} question '{id}', {(split == "train" ? "so its answer would be learned" : "so what settings are chosen by is judged by too")}; remove it from one of them.";
                }
            }
        }
    }

    /// <summary>The question's wording without case and spacing: what makes two questions the same.</summary>
    /// <param name="question">A question.</param>
    /// <returns>A key for comparison.</returns>
    internal static string Identity(Question question) =>
        string.Join(' ', question.Text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) + (question.Choices is null ? string.Empty : "|" + string.Join('|', question.Choices.Values));
}
