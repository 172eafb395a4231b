using System.CommandLine;
using Kpod.Cli.Display;
using Kpod.Files;
using Kpod.Runs;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod weights</c>: learns how much each rationale token matters.</summary>
internal static class WeightsCommand
{
    public static Command Make() => StageVerb.Make("weights", "Learns by masking how much each rationale token matters to the answer.", Stage.TokenWeights, (_, run) =>
    {
        var weights = JsonArtefact.ReadLines<RationaleTokenWeights>(run.PathOf(RunFiles.TokenWeights));
        var path = run.PathOf(RunFiles.TokenWeightsSummary);
        var diagnosis = File.Exists(path) && run.Manifest.Finished.Values.Any(work => work.Files.Any(file => file.Path == RunFiles.TokenWeightsSummary))
            ? JsonArtefact.Read<MaskLearningDiagnosis>(path) : null;
        var tokens = weights.SelectMany(rationale => rationale.Tokens).ToArray();
        var figures = new
        {
            Artefact = run.PathOf(RunFiles.TokenWeights),
            Rationales = weights.Count,
            Tokens = tokens.Length,
            MeanWeight = tokens.Average(token => token.Weight),
            Diagnosis = diagnosis,
        };
        return new Figures(figures, console => WeightDrawing.Draw(console, weights, diagnosis));
    });
}
