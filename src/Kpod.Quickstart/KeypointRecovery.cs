using Kpod.Quickstart.WordProblems;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Quickstart;

/// <summary>How well learned token weights tell planted keypoints from filler.</summary>
public static class KeypointRecovery
{
    /// <summary>
    /// The area under the curve of true against false positives: the probability that a keypoint token drawn at random weighs more than a filler token drawn
    /// at random, ties counted half (Mann and Whitney's U divided by the number of pairs). 0.5 is chance.
    /// </summary>
    /// <param name="weights">Learned weights; rationales without planted labels are passed over.</param>
    /// <param name="keypoints">The planted labels.</param>
    /// <returns>A number in [0, 1]; null where one of the two kinds does not occur.</returns>
    public static double? AreaUnderCurve(IEnumerable<RationaleTokenWeights> weights, IEnumerable<RationaleKeypoints> keypoints)
    {
        var spansOf = keypoints.ToDictionary(rationale => (rationale.QuestionId, rationale.Sample), rationale => rationale.Spans);
        var labelled = new List<(double Weight, bool IsKeypoint)>();
        foreach (var rationale in weights)
        {
            if (spansOf.TryGetValue((rationale.QuestionId, rationale.Sample), out var spans))
            {
                foreach (var token in rationale.Tokens)
                {
                    if (IsKeypoint(token, spans) is { } isKeypoint)
                    {
                        labelled.Add((token.Weight, isKeypoint));
                    }
                }
            }
        }

        return AreaUnderCurve(labelled);
    }

    /// <summary>Whether a token is a keypoint: the majority of its characters that are no white space lies in keypoints.</summary>
    /// <param name="token">The token.</param>
    /// <param name="spans">The keypoints of its rationale.</param>
    /// <returns>Null for a token of white space alone, which is neither.</returns>
    internal static bool? IsKeypoint(WeightedToken token, IReadOnlyList<CharacterSpan> spans)
    {
        var visible = 0;
        var inside = 0;
        for (var place = token.Start; place < token.End; place++)
        {
            // A token's text need not be as long as its span (a normaliser may have changed it); what it lacks counts as visible.
            var offset = place - token.Start;
            if (offset < token.Text.Length && char.IsWhiteSpace(token.Text[offset]))
            {
                continue;
            }

            visible++;
            inside += spans.Any(span => place >= span.Start && place < span.End) ? 1 : 0;
        }

        return visible == 0 ? null : inside * 2 > visible;
    }

    private static double? AreaUnderCurve(List<(double Weight, bool IsKeypoint)> labelled)
    {
        long keypointCount = labelled.Count(item => item.IsKeypoint);
        var fillerCount = labelled.Count - keypointCount;
        if (keypointCount == 0 || fillerCount == 0)
        {
            return null;
        }

        // Each group of equal weights: its keypoints beat all filler below it and tie with the filler in it.
        var wins = 0.0;
        var fillerBelow = 0L;
        foreach (var group in labelled.GroupBy(item => item.Weight).OrderBy(group => group.Key))
        {
            long keypointsHere = group.Count(item => item.IsKeypoint);
            var fillerHere = group.Count() - keypointsHere;
            wins += keypointsHere * (fillerBelow + (fillerHere / 2.0));
            fillerBelow += fillerHere;
        }

        return wins / keypointCount / fillerCount;
    }
}
