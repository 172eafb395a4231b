namespace Kpod.Quickstart.WordProblems;

/// <summary>Where the keypoints of one made-up rationale stand, known by construction; everything else is filler. A line of <c>keypoints.jsonl</c>.</summary>
public sealed record RationaleKeypoints
{
    /// <summary>The question.</summary>
    public required string QuestionId { get; init; }

    /// <summary>The rationale's number among those of its question, from 0, as in the data set.</summary>
    public required int Sample { get; init; }

    /// <summary>The keypoints in order; they neither touch nor overlap.</summary>
    public required IReadOnlyList<CharacterSpan> Spans { get; init; }
}
