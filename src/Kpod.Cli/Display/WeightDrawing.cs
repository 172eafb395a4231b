using System.Globalization;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Weights;
using Spectre.Console;

namespace Kpod.Cli.Display;

/// <summary>Token weights on the terminal: the first rationales with each token as bright as its weight, and what mask learning measured.</summary>
internal static class WeightDrawing
{
    private const int Shown = 5;

    public static void Draw(IAnsiConsole console, IReadOnlyList<RationaleTokenWeights> weights, MaskLearningDiagnosis? diagnosis)
    {
        foreach (var rationale in weights.Take(Shown))
        {
            console.Write(new Text($"{rationale.QuestionId}#{rationale.Sample}\n", new Style(decoration: Decoration.Underline)));
            foreach (var token in rationale.Tokens)
            {
                var level = (byte)(90 + (165 * token.Weight));
                console.Write(new Text(token.Text, new Style(new Color(level, level, (byte)(level / 2)))));
            }

            console.WriteLine();
        }

        if (diagnosis is null)
        {
            return;
        }

        var loss = Tables.Make("answer loss (nat) by quarter of the rationale", "1", "2", "3", "4");
        foreach (var (name, values) in new[]
        {
            ("whole rationale", diagnosis.AnswerLoss.Whole), ("kept tokens (w > 0.5)", diagnosis.AnswerLoss.Kept), ("digits only", diagnosis.AnswerLoss.DigitsOnly), ("none of it", diagnosis.AnswerLoss.None), ("as many as kept, by chance", diagnosis.AnswerLoss.KeptByChance ?? []),
        })
        {
            if (values.Count == 0)
            {
                continue;
            }

            loss.AddRow([name, .. values.Select(Tables.Number)]);
        }

        console.Write(loss);
        var means = diagnosis.MeanWeights;
        console.MarkupLineInterpolated($"mean w: digits {means.Digits:0.000}, operators {means.Operators:0.000}, others {means.Others:0.000}; kept {Tables.Percent(diagnosis.KeptShare)}; swing of the level {diagnosis.LevelSwing:0.000}");
        if (diagnosis.Attempts.Count > 0)
        {
            console.MarkupLineInterpolated($"price: {string.Join(", then ", diagnosis.Attempts.Select(attempt => string.Create(CultureInfo.InvariantCulture, $"{attempt.Price:0.000} nat (mean w {attempt.MeanWeight:0.000})")))}{(diagnosis.Saving is { } saving ? $"; {saving}" : "")}");
        }
    }
}
