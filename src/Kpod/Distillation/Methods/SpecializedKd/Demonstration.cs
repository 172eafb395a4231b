using System.Text.RegularExpressions;

namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>A solved question that stands in front of another one.</summary>
/// <param name="Question">The question.</param>
/// <param name="Gold">Its answer.</param>
/// <param name="Solution">A solution: a rationale, or one in GSM8K's form with <c>&lt;&lt;..&gt;&gt;</c> and <c>####</c>.</param>
internal sealed partial record Demonstration(string Question, string Gold, string Solution)
{
    /// <summary>The demonstration as the student reads it.</summary>
    /// <param name="format">One of the two in-context formats.</param>
    /// <returns>Its text, with the empty line behind it.</returns>
    public string Text(SpecializedFormat format) => format == SpecializedFormat.InContextCot
        ? $"{SpecializedTexts.Input(Question, withChain: true)}\n{SolutionText()}{SpecializedTexts.AnswerSentence} {Gold}\n\n"
        : $"Q: {Question}\nA: {SpecializedTexts.AnswerSentence} {Gold}\n\n";

    // Up to the answer line, without the marks of a calculator; the answer sentence begins a line of its own.
    private string SolutionText()
    {
        var end = Solution.IndexOf("####", StringComparison.Ordinal);
        var text = CalculatorMark().Replace(end < 0 ? Solution : Solution[..end], string.Empty);
        return text.EndsWith('\n') ? text : text + "\n";
    }

    [GeneratedRegex("<<.*?>>")]
    private static partial Regex CalculatorMark();
}
