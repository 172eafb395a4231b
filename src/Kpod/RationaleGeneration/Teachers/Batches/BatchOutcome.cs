namespace Kpod.RationaleGeneration.Teachers.Batches;

/// <summary>What became of a line of a result file.</summary>
public enum BatchOutcome
{
    /// <summary>Its answer is new and stored.</summary>
    Added,

    /// <summary>Its answer is new and stored, but was cut off at the most tokens (finish reason <c>length</c>): paid for, and dropped by the filter later.</summary>
    CutOff,

    /// <summary>The store had the same answer before this import.</summary>
    AlreadyStored,

    /// <summary>The same answer stands in an earlier line of this import.</summary>
    Duplicate,

    /// <summary>The store, or an earlier line, has another answer to the request; that one stays.</summary>
    Contradiction,

    /// <summary>The server reports an error, or its response holds no answer.</summary>
    Failed,

    /// <summary>It is no whole line of a batch's result.</summary>
    Unreadable,

    /// <summary>A batch result for other requests: this recipe never asks what its id stands for.</summary>
    OtherRequest,
}
