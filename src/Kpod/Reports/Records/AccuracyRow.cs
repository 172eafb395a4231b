namespace Kpod.Reports.Records;

/// <summary>The accuracy of one model on one split under one way of reading answers.</summary>
public sealed record AccuracyRow
{
    /// <summary>The model, such as <c>KPOD student</c> or <c>base</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The split, such as <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>How the answer is read from a generation: <c>strict</c> or <c>flexible</c>.</summary>
    public required string Extraction { get; init; }

    /// <summary>Questions answered correctly.</summary>
    public required int Correct { get; init; }

    /// <summary>Questions asked.</summary>
    public required int Total { get; init; }

    /// <summary>Lower end of the 95 % interval, as a share of 1.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end of the 95 % interval, as a share of 1.</summary>
    public required double High { get; init; }

    /// <summary>Share of generations that end with the end token; null where it is not known.</summary>
    public double? StopRate { get; init; }

    /// <summary>Share of generations cut at the length limit; null where it is not known.</summary>
    public double? TruncationRate { get; init; }

    /// <summary>Correct ÷ total, as a share of 1; 0 where nothing was asked.</summary>
    public double Accuracy => Total == 0 ? 0 : (double)Correct / Total;
}
