using System.Globalization;
using Kpod.Quickstart.WordProblems;
using Kpod.RationaleGeneration.Prompts;

namespace Kpod.Quickstart.Base;

/// <summary>
/// Makes the text that the bases are pre-trained on, so that they know what a pretrained language model knows before distillation: the words, small
/// calculations, finding a number in a story, whether an event makes things more or fewer, and chatter. It never shows how a story is solved: calculations
/// stand without a story, and questions about a story ask for a number that stands in it.
/// </summary>
internal sealed class PrimerText
{
    private const double DamagedShare = 0.7;
    private const double ExplanationShare = 0.5;
    private const double SumsShare = 0.15;
    private const double TranslationShare = 0.1;
    private const double LookUpShare = 0.05;
    private const double RepetitionShare = 0.15;
    private const double WholeShare = 0.5;
    private const double SummaryShare = 0.4;
    private const double AnswerOnlyShare = 0.5;
    private const double QuestionInFrontShare = 0.5;
    private const string Listening = "Somebody explains.";
    private const int ThingsInARow = 8;
    private const int SumsInARow = 8;

    private readonly Random _random;
    private readonly bool _isCausal;

    /// <summary>Makes a source of text.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="isCausal">
    /// Whether one model reads and writes. An encoder learns from what is written alone, so explanations that only follow a task would teach it nothing of reading them: most of
    /// them are given to it and summed up or answered instead.
    /// </param>
    public PrimerText(Random random, bool isCausal)
    {
        _random = random;
        _isCausal = isCausal;
    }

    /// <summary>Draws a passage.</summary>
    /// <param name="withDamage">Whether explanations may have holes or break off. What is whole is learned from first: else copying is not learned in time.</param>
    /// <returns>The passage.</returns>
    public PrimerPassage Next(bool withDamage)
    {
        var kind = _random.NextDouble();
        return (kind -= ExplanationShare) < 0 ? withDamage && _random.NextDouble() < DamagedShare ? Reading() : _isCausal ? Explanation() : ExplanationReadOrWritten()
            : (kind -= SumsShare) < 0 ? Sums()
            : (kind -= TranslationShare) < 0 ? Translation()
            : (kind -= LookUpShare) < 0 ? LookUp()
            : kind < RepetitionShare ? Repetition()
            : Chatter();
    }

    // "Work out 7 + 5 - 3." "We add and get 7 + 5 = 12 pens. 12 pens minus 3 pens is 9. Therefore, the answer is 9"
    private PrimerPassage Explanation()
    {
        var (task, explanation, answer) = Explain();
        return new PrimerPassage(task, $"{explanation}{CotPrompt.Connector}{answer}");
    }

    private PrimerPassage ExplanationReadOrWritten() => _random.NextDouble() < SummaryShare ? Summary() : _random.NextDouble() < AnswerOnlyShare ? WholeReading() : Explanation();

    // "Somebody explains. Well, this makes 7 + 5 = 12 pens. So far so good. In short:" "7 + 5 = 12. Therefore, the answer is 12"
    private PrimerPassage Summary()
    {
        var (steps, explanation, answer) = ExplainSteps();
        return new PrimerPassage($"{Front()} {explanation} In short:", $"{string.Join(". ", steps.Select(step => step.Equation))}.{CotPrompt.Connector}{answer}");
    }

    private PrimerPassage WholeReading()
    {
        var (_, explanation, answer) = ExplainSteps();
        return new PrimerPassage($"{Front()} {explanation}", answer);
    }

    // An explanation with holes, or one that breaks off, and the answer all the same: a pretrained model reads damaged text, and knows what it cannot know. The
    // task is not told: it would say how many calculations are still to come, and a prefix that breaks off would be trusted too much behind another prompt.
    private PrimerPassage Reading()
    {
        var (_, explanation, answer) = Explain();
        if (_random.NextDouble() > WholeShare)
        {
            var words = explanation.Split(' ');
            explanation = string.Join(' ', words[.._random.Next(1, words.Length + 1)]);
        }

        var front = Front();
        return new PrimerPassage($"{front} {explanation}", answer)
        {
            Link = CotPrompt.Connector,
            HolesFrom = front.Length,
            HoleShare = _random.NextDouble() < WholeShare ? 0 : _random.NextDouble(),
        };
    }

    // What stands in front of an explanation must not keep anybody from reading on: half the time it is a question about other things.
    private string Front() => _random.NextDouble() < QuestionInFrontShare ? OtherQuestion() : Listening;

    private string OtherQuestion() =>
        $"Q: {WordProblemGenerator.Tell("primer", ArithmeticChain.Draw(_random.Next(1, WordProblemGenerator.MostSteps + 1), _random), _random).Question} A: {CotPrompt.Trigger}";

    private (string Task, string Explanation, string Answer) Explain()
    {
        var (steps, explanation, answer) = ExplainSteps();
        return ($"Work out {InSigns(steps)}.", explanation, answer);
    }

    private (IReadOnlyList<ArithmeticStep> Steps, string Explanation, string Answer) ExplainSteps()
    {
        var steps = ArithmeticChain.Draw(_random.Next(1, WordProblemGenerator.MostSteps + 1), _random);
        var problem = WordProblemGenerator.Tell("primer", steps, _random);
        var explanation = new ScriptedTeacher(_random.NextInt64(), wrongShare: 0).Explain(problem, sample: 0);
        return (steps, explanation.Text[..explanation.Text.LastIndexOf(CotPrompt.Connector, StringComparison.Ordinal)], problem.Answer);
    }

    // "Sums: 7 + 5 = 12, 20 / 4 = 5." Without a story, so that single calculations are known by the time that they are read about. An encoder-decoder is given
    // the operands and writes the results.
    private PrimerPassage Sums()
    {
        ArithmeticStep[] sums = [.. Enumerable.Range(0, SumsInARow).Select(_ => ArithmeticChain.DrawStep(_random.Next(ArithmeticChain.Smallest, ArithmeticChain.Largest + 1), _random))];
        return _isCausal
            ? new PrimerPassage("Sums:", string.Join(", ", sums.Select(sum => sum.Equation)) + ".")
            : new PrimerPassage(
                "Sums: " + string.Join(", ", sums.Select(sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Left} {sum.Symbol} {sum.Right}"))) + ".",
                string.Join(", ", sums.Select(sum => sum.Result.ToString(CultureInfo.InvariantCulture))) + ".");
    }

    // A story becomes signs, and stays unsolved.
    private PrimerPassage Translation()
    {
        var steps = ArithmeticChain.Draw(_random.Next(1, WordProblemGenerator.MostSteps + 1), _random);
        var problem = WordProblemGenerator.Tell("primer", steps, _random);
        var story = problem.Question[..(problem.Question.LastIndexOf('.') + 1)];
        return new PrimerPassage($"{story} Write this in signs.", InSigns(steps) + ".");
    }

    // "Say it again: 13 pens, 7 cups." "13 pens, 7 cups."
    private PrimerPassage Repetition()
    {
        var things = Several(StoryWording.Things, ThingsInARow);
        var list = string.Join(", ", things.Select(thing => $"{AnyNumber()} {thing}")) + ".";
        return new PrimerPassage($"Say it again: {list}", list);
    }

    // Who has how many? The number stands in the story, so nothing is calculated.
    private PrimerPassage LookUp()
    {
        var people = Several(StoryWording.People, 3);
        var things = Several(StoryWording.Things, 3);
        var numbers = people.Select(_ => AnyNumber()).ToArray();
        var story = people.Select((person, index) => Sentence(Choose(StoryWording.Starts).Replace("{S}", numbers[index], StringComparison.Ordinal), person, things[index]));
        var asked = _random.Next(people.Length);
        var question = $"{string.Join(' ', story)} {Sentence(Choose(StoryWording.Endings), people[asked], things[asked])}";
        return new PrimerPassage(
            $"Q: {question} A: Let's think step by step.",
            $"{people[asked]} has {numbers[asked]} {things[asked]}. Therefore, the answer is {numbers[asked]}");
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

    private string AnyNumber() => _random.Next(ArithmeticChain.Smallest, ArithmeticChain.Largest + 1).ToString(CultureInfo.InvariantCulture);

    private static string InSigns(IReadOnlyList<ArithmeticStep> steps) =>
        string.Create(CultureInfo.InvariantCulture, $"{steps[0].Left}") + string.Concat(steps.Select(step => string.Create(CultureInfo.InvariantCulture, $" {step.Symbol} {step.Right}")));

    private static string Sentence(string template, string person, string thing)
    {
        var sentence = template.Replace("{P}", person, StringComparison.Ordinal).Replace("{T}", thing, StringComparison.Ordinal);
        return char.ToUpperInvariant(sentence[0]) + sentence[1..];
    }
}
