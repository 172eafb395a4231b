namespace Kpod.Distillation.Methods.SpecializedKd.Alignment;

/// <summary>
/// Carries a teacher's token probabilities over to a student with another tokenizer (Fu et al., 2023): both spellings of the chain are aligned by dynamic time warping over edit distances, and where one student token is one teacher token, the teacher's
/// distribution is taken over.
/// </summary>
internal sealed record TokenAlignment
{
    /// <summary>What SentencePiece writes for a blank.</summary>
    internal const char Blank = '▁';

    /// <summary>First teacher token that takes part; those before are control tokens.</summary>
    public required int First { get; init; }

    /// <summary>One past the last teacher token that takes part.</summary>
    public required int End { get; init; }

    /// <summary>Edit distance of each teacher token, counted from <see cref="First"/>, and each student token.</summary>
    public required int[][] Cost { get; init; }

    /// <summary>The alignment, counted from <see cref="First"/>.</summary>
    public required WarpingPath Path { get; init; }

    /// <summary>What is to be matched at each student token; positions count in the whole list of teacher tokens.</summary>
    public required IReadOnlyList<AlignedTarget> Targets { get; init; }

    /// <summary>Aligns a chain.</summary>
    /// <param name="teacher">The teacher's tokens.</param>
    /// <param name="student">The student's tokens of the same chain, as pieces with "▁" for a blank.</param>
    /// <param name="controlTokens">Teacher tokens that are left out at both ends.</param>
    /// <param name="isInVocabulary">Whether the student has a piece.</param>
    /// <returns>The alignment.</returns>
    public static TokenAlignment Of(IReadOnlyList<TeacherToken> teacher, IReadOnlyList<string> student, IReadOnlyCollection<string> controlTokens, Func<string, bool> isInVocabulary)
    {
        var (first, end) = (0, teacher.Count);
        while (first < end && controlTokens.Contains(teacher[first].Text))
        {
            first++;
        }

        while (end > first && controlTokens.Contains(teacher[end - 1].Text))
        {
            end--;
        }

        int[][] cost = [.. teacher.Skip(first).Take(end - first).Select(token => student.Select(piece => EditDistance.Of(token.Text, piece)).ToArray())];
        var path = WarpingPath.Of(cost);
        var positions = path.Cells.ToLookup(cell => cell.Student, cell => cell.Teacher + first);
        return new TokenAlignment
        {
            First = first,
            End = end,
            Cost = cost,
            Path = path,
            Targets = [.. student.Select((piece, index) => Target(teacher, piece, [.. positions[index]], isInVocabulary))],
        };
    }

    /// <summary>The targets as ids, with the end token behind them.</summary>
    /// <param name="idOf">The student's id of a piece.</param>
    /// <param name="endId">Its end token.</param>
    /// <returns>One more than there are student tokens.</returns>
    public IReadOnlyList<TeacherDistribution> Distributions(Func<string, int> idOf, int endId) =>
        [.. Targets.Select(target => new TeacherDistribution([.. target.Distribution.Select(item => idOf(item.Token))], [.. target.Distribution.Select(item => item.Probability)])), TeacherDistribution.OneHot(endId)];

    private static AlignedTarget Target(IReadOnlyList<TeacherToken> teacher, string piece, int[] positions, Func<string, bool> isInVocabulary)
    {
        var isOne = positions.Length == 1 && Renamed(teacher[positions[0]].Text) == piece;
        return isOne && Renamed(teacher[positions[0]].Top, isInVocabulary) is { Length: > 0 } transferred
            ? new AlignedTarget(positions, true, transferred)
            : new AlignedTarget(positions, false, [new TokenProbability(piece, 1)]);
    }

    // Of tokens that come to the same piece, the first.
    private static TokenProbability[] Renamed(IReadOnlyList<TokenProbability> top, Func<string, bool> isInVocabulary) =>
        [.. top.Select(item => item with { Token = Renamed(item.Token) }).Where(item => isInVocabulary(item.Token)).DistinctBy(item => item.Token)];

    private static string Renamed(string token) => token.Replace(' ', Blank);
}
