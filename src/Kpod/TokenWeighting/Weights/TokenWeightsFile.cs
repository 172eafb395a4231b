using System.Globalization;
using Kpod.Files;
using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Diagnosis;

namespace Kpod.TokenWeighting.Weights;

/// <summary>Reads token weights that were made elsewhere, or by an earlier run, and holds them against the rationales in use.</summary>
internal static class TokenWeightsFile
{
    private const int MostFaults = 20;
    private const string Mend = "weigh it with the same tokenizer and text.";

    /// <summary>Reads the weights of some rationales; lines for others are passed over.</summary>
    /// <param name="path">A file in the form of <c>03-token-weights.jsonl</c>.</param>
    /// <param name="rationales">What needs weights.</param>
    /// <returns>Their weights in order.</returns>
    /// <exception cref="KpodException">The file cannot be read, or does not fit; the message names each rationale and token at fault.</exception>
    public static IReadOnlyList<RationaleTokenWeights> Read(string path, IReadOnlyList<EncodedRationale> rationales)
    {
        var faults = new List<string>();
        var lines = new Dictionary<(string, int), RationaleTokenWeights>();
        foreach (var line in JsonArtefact.ReadLines<RationaleTokenWeights>(path))
        {
            if (!lines.TryAdd((line.QuestionId, line.Sample), line))
            {
                faults.Add($"{line.QuestionId}#{line.Sample} stands there twice; leave one.");
            }
        }

        var weights = new List<RationaleTokenWeights>(rationales.Count);
        foreach (var rationale in rationales)
        {
            if (lines.TryGetValue((rationale.QuestionId, rationale.Sample), out var line))
            {
                weights.Add(line);
                faults.AddRange(Compare(rationale, line));
            }
            else
            {
                faults.Add($"{rationale.Key} is missing; every rationale in use needs a line.");
            }
        }

        return faults.Count == 0 ? weights : throw KpodException.FromFaults($"The token weights in {path} do not fit the rationales", Shortened(faults));
    }

    // At most one fault a rationale: where one token is off, all that follow are.
    private static IEnumerable<string> Compare(EncodedRationale rationale, RationaleTokenWeights line)
    {
        var fault = line.Tokens.Count != rationale.RationaleTokens.Length
            ? $"{rationale.Key} has {line.Tokens.Count} tokens in the file, but {rationale.RationaleTokens.Length} in the student's tokenizer; {Mend}"
            : line.Tokens.Select((token, index) => Compare(rationale, token, index)).FirstOrDefault(found => found is not null);
        return fault is null ? [] : [fault];
    }

    private static string? Compare(EncodedRationale rationale, WeightedToken token, int index)
    {
        var (expected, text) = (rationale.RationaleTokens[index], TokenClasses.Piece(rationale, index).ToString());
        if (token.Start != expected.Start || token.End != expected.End || token.Text != text)
        {
            return $"{rationale.Key}, token {index}: the file has '{token.Text}' at {token.Start} to {token.End}, " +
                $"the student's tokenizer '{text}' at {expected.Start} to {expected.End}; {Mend}";
        }

        return token.Weight is >= 0 and <= 1
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{rationale.Key}, token {index} ('{token.Text}'): its weight is {token.Weight}; it must lie in [0, 1].");
    }

    private static List<string> Shortened(List<string> faults) =>
        faults.Count <= MostFaults ? faults : [.. faults.Take(MostFaults), $"and {faults.Count - MostFaults} more."];
}
