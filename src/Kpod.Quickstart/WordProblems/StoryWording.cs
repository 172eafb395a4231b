namespace Kpod.Quickstart.WordProblems;

/// <summary>
/// The words of the stories. In a template, <c>{P}</c> is the person whose things are counted, <c>{Q}</c> another one, <c>{T}</c> the things,
/// <c>{N}</c> the step's second operand, <c>{S}</c> the number at the start.
/// </summary>
internal static class StoryWording
{
    /// <summary>First names; each is one who counts or one who takes part.</summary>
    public static IReadOnlyList<string> People { get; } =
        ["Ada", "Ben", "Cora", "Dan", "Eve", "Finn", "Gina", "Hugo", "Ida", "Jack", "Kira", "Leo", "Mia", "Ned", "Olga", "Paul"];

    /// <summary>What is counted, in the plural.</summary>
    public static IReadOnlyList<string> Things { get; } =
        ["pens", "cups", "cards", "coins", "books", "shells", "stamps", "apples", "stones", "candles", "buttons", "tickets", "flowers", "cookies", "balls", "keys"];

    /// <summary>How a story starts.</summary>
    public static IReadOnlyList<string> Starts { get; } =
        ["{P} has {S} {T}.", "there are {S} {T} in the box of {P}.", "{P} starts the day with {S} {T}.", "at first {P} owns {S} {T}."];

    /// <summary>How a story starts whose first calculation is a multiplication that is told at once.</summary>
    public static IReadOnlyList<string> GroupedStarts { get; } =
        ["{P} has {S} bags with {N} {T} in each bag.", "there are {S} shelves in the room of {P}, and each shelf holds {N} {T}."];

    /// <summary>What leads over to the next event.</summary>
    public static IReadOnlyList<string> Connectors { get; } = ["", "then ", "later ", "after that ", "the next day "];

    /// <summary>How a story ends.</summary>
    public static IReadOnlyList<string> Endings { get; } =
        ["How many {T} does {P} have now?", "How many {T} does {P} have in the end?", "What is the number of {T} that {P} has at last?"];

    private static readonly string[] Additions =
        ["{P} finds {N} more {T}.", "{P} buys {N} {T}.", "{Q} gives {P} {N} {T}.", "{N} new {T} come in the mail for {P}."];

    private static readonly string[] Subtractions =
        ["{P} loses {N} {T}.", "{P} gives {N} {T} to {Q}.", "{P} sells {N} {T}.", "{Q} borrows {N} {T} from {P}."];

    private static readonly string[] Multiplications =
        ["{P} works until there are {N} times as many {T}.", "{P} trades each of the {T} for {N} new {T}.", "{Q} turns each of the {T} into {N} {T}."];

    private static readonly string[] Divisions =
        ["{P} makes {N} equal piles of the {T} and keeps one pile.", "{P} keeps only one of {N} equal parts of the {T}.", "{P} shares the {T} equally, as one of {N} friends."];

    /// <summary>What happens in a story.</summary>
    /// <param name="operation">The calculation that it calls for.</param>
    /// <returns>The phrasings to choose from.</returns>
    public static IReadOnlyList<string> Events(ArithmeticOperation operation) => operation switch
    {
        ArithmeticOperation.Add => Additions,
        ArithmeticOperation.Subtract => Subtractions,
        ArithmeticOperation.Multiply => Multiplications,
        _ => Divisions,
    };
}
