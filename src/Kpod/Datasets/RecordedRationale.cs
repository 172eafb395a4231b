namespace Kpod.Datasets;

/// <summary>A rationale that a data set's file brings along.</summary>
/// <param name="Text">What the teacher wrote.</param>
/// <param name="Teacher">Who wrote it.</param>
/// <param name="FinishReason">Why it stopped, where the file says so: <c>stop</c> or <c>length</c>.</param>
/// <param name="Original">The text before the file's maker took its answer sentence off, where the file keeps it: the answer is looked for here.</param>
/// <param name="Answer">The answer that the text gave when it was first judged, where the file keeps it; it is not looked for again.</param>
public sealed record RecordedRationale(string Text, string Teacher, string? FinishReason = null, string? Original = null, string? Answer = null)
{
    /// <summary>Teacher of a solution that a human wrote.</summary>
    public const string Human = "human";

    /// <summary>Teacher of a rationale whose file names none.</summary>
    public const string UnknownTeacher = "unknown";
}
