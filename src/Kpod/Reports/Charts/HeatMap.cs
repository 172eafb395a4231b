using Kpod.Reports.Markup;
using Kpod.StepDifficulty;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Reports.Charts;

/// <summary>The paper's Figure 2: the text of a rationale with each token shaded by its weight w and a numbered mark where a step begins.</summary>
internal static class HeatMap
{
    /// <summary>Writes the shaded text.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="text">The rationale.</param>
    /// <param name="tokens">Its tokens; offsets outside the text are cut, a token that shares characters with the one before is shown with it.</param>
    /// <param name="steps">Its steps; null where there are none.</param>
    public static void WriteTo(MarkupWriter writer, string text, IReadOnlyList<WeightedToken> tokens, IReadOnlyList<StepWithDifficulty>? steps)
    {
        using var paragraph = writer.Open("p", ("class", "heat"));
        var position = 0;
        var nextStep = 0;
        foreach (var patch in PatchesOf(text, tokens))
        {
            while (steps is not null && nextStep < steps.Count && steps[nextStep].Start < patch.End)
            {
                WriteGap(writer, text, ref position, Math.Clamp(steps[nextStep].Start, position, patch.Start));
                WriteStepMark(writer, nextStep + 1, steps[nextStep].Difficulty);
                nextStep++;
            }

            WriteGap(writer, text, ref position, patch.Start);
            WritePatch(writer, text, patch, nextStep);
            position = patch.End;
        }

        WriteGap(writer, text, ref position, text.Length);
    }

    /// <summary>The scale from w = 0 to w = 1.</summary>
    /// <param name="writer">Takes it.</param>
    public static void WriteScale(MarkupWriter writer)
    {
        using var scale = writer.Open("p", ("class", "heat scale"), ("aria-label", "Colour scale from w = 0, no colour, to w = 1, the strongest"));
        writer.Element("span", "w =");
        for (var level = 0; level < HeatPalette.Levels; level++)
        {
            writer.Element("b", ReportNumber.Fixed(level / 10.0, 1), ("class", $"h{level}"));
        }
    }

    private static List<Patch> PatchesOf(string text, IReadOnlyList<WeightedToken> tokens)
    {
        var patches = new List<Patch>();
        foreach (var token in tokens)
        {
            var start = Math.Clamp(token.Start, 0, text.Length);
            var end = Math.Clamp(token.End, start, text.Length);
            while (start < end && char.IsWhiteSpace(text[start]))
            {
                start++; // White space is left plain: shaded, a line end would be a bar of its own.
            }

            while (end > start && char.IsWhiteSpace(text[end - 1]))
            {
                end--;
            }

            if (end == start)
            {
                continue; // It stands for nothing that shows.
            }

            // Tokens of single bytes may cut a character in two; such a character is shown whole.
            var sharesCharacter = patches.Count > 0 && (start < patches[^1].End || (start == patches[^1].End && start < text.Length && char.IsLowSurrogate(text[start])));
            if (sharesCharacter)
            {
                patches[^1] = new Patch(patches[^1].Start, Math.Max(end, patches[^1].End), [.. patches[^1].Weights, token.Weight]);
            }
            else
            {
                patches.Add(new Patch(start, end, [token.Weight]));
            }
        }

        return patches;
    }

    private static void WriteGap(MarkupWriter writer, string text, ref int position, int end)
    {
        if (end > position)
        {
            writer.Text(text[position..end]);
            position = end;
        }
    }

    private static void WriteStepMark(MarkupWriter writer, int number, double difficulty) =>
        writer.Element("i", ReportNumber.Count(number), ("title", $"step {number}: difficulty {ReportNumber.Significant(difficulty)} nat"));

    private static void WritePatch(MarkupWriter writer, string text, Patch patch, int step)
    {
        var weights = string.Join(", ", patch.Weights.Select(weight => ReportNumber.Fixed(weight, 3)));
        var place = step == 0 ? string.Empty : $", step {step}";
        writer.Element("b", text[patch.Start..patch.End], ("class", $"h{HeatPalette.LevelOf(patch.Weights.Max())}"), ("title", $"w {weights}{place}"));
    }

    /// <summary>A piece of the text that one token stands for, or several that share a character.</summary>
    private sealed record Patch(int Start, int End, IReadOnlyList<double> Weights);
}
