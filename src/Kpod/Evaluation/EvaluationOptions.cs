namespace Kpod.Evaluation;

/// <summary>How a student is examined; the recipe's section <c>evaluation</c>.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Splits to answer. The test split is what is reported; settings are chosen on the validation split.</summary>
    public IReadOnlyList<string> Splits { get; init; } = ["test"];

    /// <summary>The longest answer, in tokens; a text that reaches it counts as cut off.</summary>
    public int MaximumNewTokens { get; init; } = 256;

    /// <summary>Questions answered together; higher is faster and costs memory. In float32 the texts do not depend on it.</summary>
    public int BatchSize { get; init; } = 25;

    /// <summary>Whether the student before distillation is examined too.</summary>
    public bool Base { get; init; } = true;

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        foreach (var split in Splits.Where(split => split is not ("train" or "validation" or "test")))
        {
            yield return $"evaluation.splits names '{split}'; the splits are train, validation and test.";
        }

        if (Splits.Count == 0)
        {
            yield return "evaluation.splits is empty; name at least one split, such as [test].";
        }

        foreach (var (key, value) in new[] { ("maximumNewTokens", MaximumNewTokens), ("batchSize", BatchSize) })
        {
            if (value < 1)
            {
                yield return $"evaluation.{key} is {value}; it must be 1 or more.";
            }
        }
    }
}
