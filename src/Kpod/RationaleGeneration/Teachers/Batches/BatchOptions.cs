namespace Kpod.RationaleGeneration.Teachers.Batches;

/// <summary>How requests are cut into batch files. The defaults are OpenAI's limits of a file (https://platform.openai.com/docs/guides/batch).</summary>
public sealed record BatchOptions
{
    /// <summary>The most requests of a file, 1 or more.</summary>
    public int MaximumRequests { get; init; } = 50_000;

    /// <summary>The most bytes of a file, 1 or more. A single request that is larger cannot be exported.</summary>
    public long MaximumBytes { get; init; } = 200_000_000;

    /// <summary>Names every value out of range.</summary>
    /// <param name="section">What stands in front of a key in messages, such as <c>--</c>.</param>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check(string section)
    {
        if (MaximumRequests < 1)
        {
            yield return $"{section}batch-requests is {MaximumRequests}; it must be 1 or more.";
        }

        if (MaximumBytes < 1)
        {
            yield return $"{section}batch-bytes is {MaximumBytes}; it must be 1 or more.";
        }
    }
}
