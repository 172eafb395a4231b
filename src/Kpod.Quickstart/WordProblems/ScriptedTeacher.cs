using System.Globalization;
using Kpod.RationaleGeneration.Prompts;

namespace Kpod.Quickstart.WordProblems;

/// <summary>
/// Explains made-up problems as a talkative language model does: one sentence a calculation, in several phrasings, between words that say nothing. Which
/// words of a rationale are keypoints (digits, operators, <c>=</c>, words that name the operation) is known, because each is written as one or the other.
/// </summary>
internal sealed class ScriptedTeacher
{
    /// <summary>The name it signs its rationales with.</summary>
    public const string Name = "scripted teacher";

    private const double OpenerShare = 0.5;
    private const double CloserShare = 0.25;
    private const double RemarkShare = 0.5;
    private const double InterjectionShare = 0.7;
    private const int FarthestSlip = 3;

    private readonly long _seed;
    private readonly double _wrongShare;

    /// <summary>Makes a teacher.</summary>
    /// <param name="seed">Decides phrasings, filler and slips.</param>
    /// <param name="wrongShare">Share of rationales with a slip in one calculation, in [0, 1], so that there is something to drop.</param>
    public ScriptedTeacher(long seed, double wrongShare)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wrongShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wrongShare, 1);
        _seed = seed;
        _wrongShare = wrongShare;
    }

    /// <summary>Explains a problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="sample">Number of the rationale; each is another one.</param>
    /// <returns>The rationale with its keypoints.</returns>
    public LabelledRationale Explain(WordProblem problem, int sample)
    {
        // Three sources of chance: what is filler can depend neither on the numbers nor on how a calculation is put.
        var slips = Seeds.Generator(_seed, $"slips of {problem.Id}", sample);
        var phrasing = Seeds.Generator(_seed, $"phrasing of {problem.Id}", sample);
        var filler = Seeds.Generator(_seed, $"filler of {problem.Id}", sample);
        var steps = slips.NextDouble() < _wrongShare ? WithSlip(problem.Steps, slips) : problem.Steps;
        var text = new LabelledTextBuilder();
        foreach (var step in steps)
        {
            if (text.Length > 0)
            {
                text.Append(" ");
            }

            var start = text.Length;
            text.Append(filler.NextDouble() < OpenerShare ? Choose(TeacherWording.Openers, filler) : string.Empty);
            var interjection = filler.NextDouble() < InterjectionShare ? Choose(TeacherWording.Interjections, filler) : string.Empty;
            text.Append(Fill(Choose(TeacherWording.Cores(step.Operation), phrasing), step, problem, interjection));
            text.Append(filler.NextDouble() < CloserShare ? Choose(TeacherWording.Closers, filler) : string.Empty);
            text.Append(".");
            text.Capitalise(start);

            // As likely behind the last calculation as behind any other, so that a remark does not tell where the calculations end.
            if (filler.NextDouble() < RemarkShare)
            {
                text.Append($" {Choose(TeacherWording.Remarks, filler)}");
            }
        }

        text.Append($"{CotPrompt.Connector}{Number(steps[^1].Result)}.");
        return new LabelledRationale(text.ToString(), text.Keypoints, steps, steps[^1].Result == problem.Steps[^1].Result);
    }

    // One result is off by one to three, and what follows is calculated rightly from there; where that fails or leads back to the gold answer, another slip is drawn.
    private static List<ArithmeticStep> WithSlip(IReadOnlyList<ArithmeticStep> steps, Random random)
    {
        while (true)
        {
            var slip = random.Next(steps.Count);
            var offset = random.Next(1, FarthestSlip + 1) * (random.Next(2) == 0 ? 1 : -1);
            var wrong = new List<ArithmeticStep>();
            foreach (var (index, step) in steps.Index())
            {
                var redone = index == 0 ? step : ArithmeticStep.Calculate(step.Operation, wrong[^1].Result, step.Right);
                redone = index == slip ? redone! with { Result = redone.Result + offset } : redone;
                if (redone is not { Result: >= ArithmeticChain.Smallest and <= ArithmeticChain.Largest })
                {
                    break;
                }

                wrong.Add(redone);
            }

            if (wrong.Count == steps.Count && wrong[^1].Result != steps[^1].Result)
            {
                return wrong;
            }
        }
    }

    private static string Fill(string core, ArithmeticStep step, WordProblem problem, string interjection) => core
        .Replace("{E}", interjection.Length == 0 ? $"[{step.Equation}]" : $"[{Number(step.Left)} {step.Symbol} {Number(step.Right)}]{{I}} [= {Number(step.Result)}]", StringComparison.Ordinal)
        .Replace("{I}", interjection, StringComparison.Ordinal)
        .Replace("{L}", Number(step.Left), StringComparison.Ordinal)
        .Replace("{R}", Number(step.Right), StringComparison.Ordinal)
        .Replace("{V}", Number(step.Result), StringComparison.Ordinal)
        .Replace("{P}", problem.Person, StringComparison.Ordinal)
        .Replace("{T}", problem.Thing, StringComparison.Ordinal);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Choose(IReadOnlyList<string> phrasings, Random random) => phrasings[random.Next(phrasings.Count)];
}
