namespace Kpod.Quickstart.WordProblems;

/// <summary>
/// The words of the scripted teacher. In a core, what stands in square brackets is a keypoint; <c>{E}</c> is the equation, <c>{L}</c>, <c>{R}</c>, <c>{V}</c>
/// its left operand, right operand and result, <c>{I}</c> the place of an interjection, <c>{P}</c> the person, <c>{T}</c> the things. Openers, interjections,
/// closers and remarks are filler: they hold no number and say nothing of the operation.
/// </summary>
internal static class TeacherWording
{
    /// <summary>What a sentence may start with.</summary>
    public static IReadOnlyList<string> Openers { get; } =
    [
        "well, let us see how this goes, ", "okay, as far as I can tell, ", "let me think about this for a moment, ", "now, if we look at it calmly, ",
        "alright, the story goes on and ", "hmm, it is not so hard because ", "to be sure we read it again and see that ", "as we all know, ",
        "I think it is fair to say that ", "it seems to me that ",
    ];

    /// <summary>
    /// What may stand between the operands of a calculation and its result. Who has read only so far must calculate, so that operands and sign are worth
    /// something of their own: beside a result that follows at once they would say nothing new.
    /// </summary>
    public static IReadOnlyList<string> Interjections { get; } =
    [
        ", if I see it well and read it right,", ", and I am fairly sure of that,", ", as we all know,", ", to say it once more and calmly,", ", as far as I can tell,",
        ", and this is not that hard,",
    ];

    /// <summary>What a sentence may end with, in front of its full stop.</summary>
    public static IReadOnlyList<string> Closers { get; } =
        [", which seems fine to me", ", as one would expect", ", and that is that", ", so far so good", ", if I see it well"];

    /// <summary>Whole sentences that say nothing, behind any calculation.</summary>
    public static IReadOnlyList<string> Remarks { get; } =
    [
        "I hope that this is clear so far.", "That is how I see it, and I am fairly sure.", "It was a nice story to think about.", "As we see, it is not that hard.",
        "Let me know if it is not clear.", "That is it, as far as I can tell.",
    ];

    private static readonly string[] Additions =
        ["{P} now has {E} {T}", "this makes {E} {T}", "we [add] and get {E} {T}", "[{L}] {T} [plus] [{R}] {T}{I} [is] [{V}]"];

    private static readonly string[] Subtractions =
        ["{P} still has {E} {T}", "this leaves {E} {T}", "we [subtract] and get {E} {T}", "[{L}] {T} [minus] [{R}] {T}{I} [is] [{V}]"];

    private static readonly string[] Multiplications =
        ["{P} now has {E} {T}", "this comes to {E} {T}", "we [multiply] and get {E} {T}", "[{L}] {T} [times] [{R}]{I} [is] [{V}]"];

    private static readonly string[] Divisions =
        ["{P} keeps {E} {T}", "this part is {E} {T}", "we [divide] and get {E} {T}", "[{L}] {T} [divided by] [{R}]{I} [is] [{V}]"];

    /// <summary>How a calculation is told.</summary>
    /// <param name="operation">The calculation.</param>
    /// <returns>The phrasings to choose from.</returns>
    public static IReadOnlyList<string> Cores(ArithmeticOperation operation) => operation switch
    {
        ArithmeticOperation.Add => Additions,
        ArithmeticOperation.Subtract => Subtractions,
        ArithmeticOperation.Multiply => Multiplications,
        _ => Divisions,
    };
}
