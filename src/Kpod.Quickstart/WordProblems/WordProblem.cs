using System.Globalization;

namespace Kpod.Quickstart.WordProblems;

/// <summary>A made-up arithmetic word problem with the calculations that solve it.</summary>
internal sealed record WordProblem
{
    /// <summary>Unique over all splits.</summary>
    public required string Id { get; init; }

    /// <summary>The problem as asked.</summary>
    public required string Question { get; init; }

    /// <summary>Whose things are counted.</summary>
    public required string Person { get; init; }

    /// <summary>What is counted, in the plural.</summary>
    public required string Thing { get; init; }

    /// <summary>The calculations in order; each starts from the result before it.</summary>
    public required IReadOnlyList<ArithmeticStep> Steps { get; init; }

    /// <summary>The gold answer.</summary>
    public string Answer => Steps[^1].Result.ToString(CultureInfo.InvariantCulture);

    /// <summary>The numbers and operations without the story, such as <c>7+5-3</c>. No pattern occurs in two splits.</summary>
    public string NumberPattern =>
        Steps[0].Left.ToString(CultureInfo.InvariantCulture) + string.Concat(Steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"{step.Symbol}{step.Right}")));
}
