using System.Globalization;

namespace Kpod.Quickstart.WordProblems;

/// <summary>Makes up arithmetic word problems of one to five steps: people, things and what happens to them, in several phrasings. The same seed gives the same problems.</summary>
internal sealed class WordProblemGenerator
{
    /// <summary>Raised whenever the same seed would give other texts, so that nothing cached is taken for what it is not.</summary>
    public const int Version = 3;

    /// <summary>The most calculations of a problem.</summary>
    public const int MostSteps = 5;

    // Step counts come in this order again and again: short problems more often, all from 1 to 5.
    private static readonly int[] StepCounts = [1, 2, 3, 1, 2, 4, 3, 2, MostSteps, 1];

    private readonly long _seed;

    /// <summary>Makes a generator.</summary>
    /// <param name="seed">Decides everything.</param>
    public WordProblemGenerator(long seed) => _seed = seed;

    /// <summary>Draws three splits that share no question and no number pattern.</summary>
    /// <param name="train">Training problems; 1 or more.</param>
    /// <param name="validation">Validation problems; 1 or more.</param>
    /// <param name="test">Test problems; 1 or more.</param>
    /// <returns>The splits; each holds problems of 1 to 5 steps in the same proportions.</returns>
    public WordProblemSplits Draw(int train, int validation, int test)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(train, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(validation, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(test, 1);
        var taken = new HashSet<string>(StringComparer.Ordinal);

        // The held-out splits choose their patterns first; training, which may repeat a pattern within itself, gets what is left.
        var testProblems = DrawSplit("test", test, taken);
        taken.UnionWith(testProblems.Select(problem => problem.NumberPattern));
        var validationProblems = DrawSplit("validation", validation, taken);
        taken.UnionWith(validationProblems.Select(problem => problem.NumberPattern));
        return new WordProblemSplits(DrawSplit("train", train, taken), validationProblems, testProblems);
    }

    private List<WordProblem> DrawSplit(string split, int count, HashSet<string> takenPatterns)
    {
        var random = Seeds.Generator(_seed, $"{split} problems");
        var questions = new HashSet<string>(StringComparer.Ordinal);
        var problems = new List<WordProblem>(count);
        while (problems.Count < count)
        {
            var steps = ArithmeticChain.Draw(StepCounts[problems.Count % StepCounts.Length], random);
            var problem = Tell(string.Create(CultureInfo.InvariantCulture, $"{split}-{problems.Count + 1:D4}"), steps, random);
            if (!takenPatterns.Contains(problem.NumberPattern) && questions.Add(problem.Question))
            {
                problems.Add(problem);
            }
        }

        return problems;
    }

    /// <summary>Tells calculations as a story.</summary>
    /// <param name="id">The problem's name.</param>
    /// <param name="steps">What is to be calculated.</param>
    /// <param name="random">Decides the words.</param>
    /// <returns>The problem.</returns>
    internal static WordProblem Tell(string id, IReadOnlyList<ArithmeticStep> steps, Random random)
    {
        var people = StoryWording.People.ToArray();
        random.Shuffle(people);
        var thing = Choose(StoryWording.Things, random);
        var isGrouped = steps[0].Operation == ArithmeticOperation.Multiply && random.Next(2) == 0;
        var sentences = new List<string> { Choose(isGrouped ? StoryWording.GroupedStarts : StoryWording.Starts, random) };
        sentences[0] = sentences[0].Replace("{S}", Number(steps[0].Left), StringComparison.Ordinal).Replace("{N}", Number(steps[0].Right), StringComparison.Ordinal);
        foreach (var step in steps.Skip(isGrouped ? 1 : 0))
        {
            var connector = Choose(StoryWording.Connectors, random);
            sentences.Add(connector + Choose(StoryWording.Events(step.Operation), random).Replace("{N}", Number(step.Right), StringComparison.Ordinal));
        }

        sentences.Add(Choose(StoryWording.Endings, random));
        var named = sentences.Select(sentence => sentence.Replace("{P}", people[0], StringComparison.Ordinal)
            .Replace("{Q}", people[random.Next(1, people.Length)], StringComparison.Ordinal).Replace("{T}", thing, StringComparison.Ordinal));
        return new WordProblem { Id = id, Question = string.Join(' ', named.Select(Capitalise)), Person = people[0], Thing = thing, Steps = steps };
    }

    private static string Choose(IReadOnlyList<string> phrasings, Random random) => phrasings[random.Next(phrasings.Count)];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Capitalise(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
