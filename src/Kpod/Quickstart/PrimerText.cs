using System.Globalization;

namespace Kpod.Quickstart;

/// <summary>
/// Makes the text that the bases are pre-trained on, so that they know what a pretrained language model knows before distillation: the words, small
/// calculations, finding a number in a story, whether an event makes things more or fewer, and chatter. It never shows how a story is solved: calculations
/// stand without a story, and questions about a story ask for a number that stands in it.
/// </summary>
internal sealed class PrimerText
{
    private const double CalculationShare = 0.45;
    private const double LookUpShare = 0.25;
    private const double EventShare = 0.1;
    private const double RepeatShare = 0.15;
    private const int CalculationsInARow = 5;
    private const int ThingsInARow = 6;

    private readonly Random _random;

    /// <summary>Makes a source of text.</summary>
    /// <param name="random">Decides everything.</param>
    public PrimerText(Random random) => _random = random;

    /// <summary>Draws a passage.</summary>
    /// <returns>The passage.</returns>
    public PrimerPassage Next()
    {
        var kind = _random.NextDouble();
        return kind < CalculationShare ? Calculations()
            : kind < CalculationShare + LookUpShare ? LookUp()
            : kind < CalculationShare + LookUpShare + EventShare ? Event()
            : kind < CalculationShare + LookUpShare + EventShare + RepeatShare ? Repeat()
            : Chatter();
    }

    // "Say it again: 13 pens, 7 cups." "13 pens, 7 cups."
    private PrimerPassage Repeat()
    {
        var things = Several(StoryWording.Things, ThingsInARow);
        var list = string.Join(", ", things.Select(thing => $"{Number(_random.Next(ArithmeticChain.Smallest, ArithmeticChain.Largest + 1))} {thing}")) + ".";
        return new PrimerPassage($"Say it again: {list}", list);
    }

    // "Work out 7 + 5, 8 * 2." "7 + 5 = 12, 8 * 2 = 16."
    private PrimerPassage Calculations()
    {
        var steps = Enumerable.Range(0, CalculationsInARow)
            .Select(_ => ArithmeticChain.DrawStep(_random.Next(ArithmeticChain.Smallest, ArithmeticChain.Largest + 1), _random)).ToArray();
        var tasks = string.Join(", ", steps.Select(step => step.Equation[..step.Equation.IndexOf(" =", StringComparison.Ordinal)]));
        return new PrimerPassage($"Work out {tasks}.", string.Join(", ", steps.Select(step => step.Equation)) + ".");
    }

    // Who has how many? The number stands in the story, so nothing is calculated.
    private PrimerPassage LookUp()
    {
        var people = Several(StoryWording.People, 3);
        var things = Several(StoryWording.Things, 3);
        var numbers = people.Select(_ => Number(_random.Next(ArithmeticChain.Smallest, ArithmeticChain.Largest + 1))).ToArray();
        var story = people.Select((person, index) => Sentence(Choose(StoryWording.Starts).Replace("{S}", numbers[index], StringComparison.Ordinal), person, things[index]));
        var asked = _random.Next(people.Length);
        var question = $"{string.Join(' ', story)} {Sentence(Choose(StoryWording.Endings), people[asked], things[asked])}";
        return new PrimerPassage(
            $"Q: {question} A: Let's think step by step.",
            $"{people[asked]} has {numbers[asked]} {things[asked]}. Therefore, the answer is {numbers[asked]}");
    }

    private PrimerPassage Event()
    {
        var people = Several(StoryWording.People, 2);
        var thing = Choose(StoryWording.Things);
        var operation = (ArithmeticOperation)_random.Next(4);
        var told = Choose(StoryWording.Connectors) + Choose(StoryWording.Events(operation)).Replace("{Q}", people[1], StringComparison.Ordinal)
            .Replace("{N}", Number(_random.Next(ArithmeticChain.Smallest, 10)), StringComparison.Ordinal);
        var outcome = operation switch
        {
            ArithmeticOperation.Add => "there are more",
            ArithmeticOperation.Subtract => "there are fewer",
            ArithmeticOperation.Multiply => "there are several times as many",
            _ => "only a part stays",
        };
        return new PrimerPassage($"{Sentence(told, people[0], thing)} What becomes of the {thing} of {people[0]}?", Sentence(outcome, people[0], thing) + ".");
    }

    private PrimerPassage Chatter()
    {
        var people = Several(StoryWording.People, 2);
        var thing = Choose(StoryWording.Things);
        string[] clauses = [$"{people[0]} likes the {thing}", $"the {thing} of {people[0]} are new", $"{people[0]} gives {people[1]} the {thing}", $"this is the story of {people[0]}"];
        var sentences = Enumerable.Range(0, 3).Select(_ => Sentence(Choose(TeacherWording.Openers) + Choose(clauses) + Choose(TeacherWording.Closers), people[0], thing) + ".");
        return new PrimerPassage($"{people[0]} has some {thing}.", string.Join(' ', sentences));
    }

    private T Choose<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private string[] Several(IReadOnlyList<string> items, int count)
    {
        var shuffled = items.ToArray();
        _random.Shuffle(shuffled);
        return shuffled[..count];
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Sentence(string template, string person, string thing)
    {
        var sentence = template.Replace("{P}", person, StringComparison.Ordinal).Replace("{T}", thing, StringComparison.Ordinal);
        return char.ToUpperInvariant(sentence[0]) + sentence[1..];
    }
}
