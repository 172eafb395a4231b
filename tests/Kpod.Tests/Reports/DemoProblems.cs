using System.Globalization;
using System.Text.RegularExpressions;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Reports.Records;
using Kpod.StepDifficulty;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Tests.Reports;

/// <summary>A made-up word problem.</summary>
internal sealed record DemoProblem(string Question, string Rationale, string Answer);

/// <summary>Made-up word problems with rationales, weights and difficulties.</summary>
internal static partial class DemoProblems
{
    private static readonly string[] Names = ["Mia", "Tomás", "Aiko", "Lena", "Omar", "Priya", "Jonas", "Zoë"];
    private static readonly string[] Things = ["apples", "marbles", "stickers", "pencils", "shells", "stamps"];
    private static readonly string[] Strong = ["twice", "total", "adding", "subtracting", "multiplying", "each", "more", "left", "difference", "altogether", "dividing"];

    public static DemoProblem Make(int index)
    {
        var (name, things) = (Names[index % Names.Length], Things[index % Things.Length]);
        var (a, b, c) = (12 + (index * 7 % 41), 3 + (index * 5 % 9), 2 + (index % 4));
        string N(int value) => value.ToString(CultureInfo.InvariantCulture);
        return (index % 4) switch
        {
            0 => new($"{name} has {a} {things} and buys {b} bags with {c} {things} in each bag. How many {things} does {name} have now?", $"First, let us find how many {things} are in the bags. We can get this by multiplying the number of bags by the {things} in each: {b} * {c} = {b * c}. So the total number of {things} that {name} has now is {a} + {b * c} = {a + (b * c)}.", N(a + (b * c))),
            1 => new($"{name} collected {a + b} {things} and gave {b} of them to a friend. A week later {name} found twice as many as were left. How many {things} did {name} find?", $"{name} collected {a + b} {things}.\nAfter giving {b} away, {name} has {a + b} - {b} = {a} left.\nTwice as many as were left is 2 * {a} = {2 * a}.", N(2 * a)),
            2 => new($"A box holds {b * c} {things}. {name} shares them equally among {c} friends and keeps none. How many {things} does each friend get?", $"To find out how many {things} each friend gets, we need to divide the total by the number of friends. {b * c} / {c} = {b}. Therefore, each friend gets {b} {things}.", N(b)),
            _ => new($"{name} paid ${a}.50 for a book and ${b}.25 for {things}. How much more did the book cost?", $"The book cost ${a}.50 and the {things} cost ${b}.25. To find the difference, we subtract: ${a}.50 - ${b}.25 = ${a - b}.25. So the book cost ${a - b}.25 more than the {things}, I would say. That is the answer we were looking for. It fits what was asked.", N(a - b) + ".25"),
        };
    }

    public static RationaleTokenWeights Weigh(Rationale rationale)
    {
        var random = new Random(rationale.Text.Length + rationale.Sample);
        var tokens = TokenPattern().Matches(rationale.Text).Select(match => new WeightedToken(match.Value, match.Index, match.Index + match.Length, WeightOf(match.Value, random)));
        return new RationaleTokenWeights { QuestionId = rationale.QuestionId, Sample = rationale.Sample, Tokens = [.. tokens] };
    }

    public static RationaleDifficulty Assess(Rationale rationale, RationaleTokenWeights weights)
    {
        var steps = new List<StepWithDifficulty>();
        var start = 0;
        foreach (Match end in StepEnd().Matches(rationale.Text))
        {
            var (from, to) = (start, end.Index + end.Length);
            var first = weights.Tokens.TakeWhile(token => token.Start < from).Count();
            var last = weights.Tokens.TakeWhile(token => token.Start < to).Count();
            var random = new Random((rationale.Text.Length * 31) + steps.Count);
            steps.Add(new StepWithDifficulty(from, to, first, last, 0.35 + (1.9 / (1 + (0.7 * steps.Count)) * (0.4 + random.NextDouble()))));
            start = to;
        }

        return new RationaleDifficulty { QuestionId = rationale.QuestionId, Sample = rationale.Sample, Steps = steps };
    }

    public static List<GenerationExample> Generations(int count) => [.. Enumerable.Range(0, count).Select(index =>
    {
        var problem = Make(index + 40);
        var isRight = index % 5 < 2;
        var isCut = index % 7 == 3;
        return new GenerationExample
        {
            QuestionId = $"chal-{300 + index}",
            Split = "test",
            Question = problem.Question,
            GoldAnswer = problem.Answer,
            Text = isRight ? $"{problem.Rationale} Therefore, the answer is {problem.Answer}" : isCut ? problem.Rationale[..(problem.Rationale.Length / 2)] + string.Concat(Enumerable.Repeat(" So we add the number of bags to the number of bags.", 4)) : $"{problem.Rationale} Therefore, the answer is {index + 3}",
            ExtractedAnswer = isRight ? problem.Answer : isCut ? null : $"{index + 3}",
            Correct = isRight,
            Stopped = isRight || !isCut,
        };
    })];

    private static double WeightOf(string token, Random random)
    {
        var noise = random.NextDouble();
        return token switch
        {
            _ when char.IsDigit(token[0]) => 0.96 + (0.039 * noise),
            "=" => 0.78 + (0.18 * noise),
            "+" or "-" or "*" or "/" or "$" => 0.4 + (0.35 * noise),
            _ when Strong.Contains(token.ToLowerInvariant()) => 0.2 + (0.45 * noise),
            _ when Names.Contains(token) => 0.08 + (0.12 * noise),
            _ => 0.015 + (0.06 * noise * noise),
        };
    }

    [GeneratedRegex(@"\d|\p{L}+|[^\s\p{L}\d]")]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"\.(?:\s+|$)")]
    private static partial Regex StepEnd();
}
