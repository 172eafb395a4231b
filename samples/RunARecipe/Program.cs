// The library without the command line: make the small quickstart files, run their recipe with one key changed, and read what came of it.
//   dotnet run -c Release --project samples/RunARecipe -- FOLDER
using Kpod;
using Kpod.Evaluation;
using Kpod.Files;
using Kpod.Quickstart;
using Kpod.Runs;
using Kpod.TokenWeighting.Weights;

var folder = args.Length > 0 ? args[0] : "sample";
var files = QuickstartWriter.Write(folder, new QuickstartOptions { Size = QuickstartSize.Small }, progress: null, CancellationToken.None);

var recipe = KpodRecipe.Load(files.KpodRecipe, "distillation.epochs=3");
using var run = RunFolder.Open(Path.Combine(folder, "runs", recipe.Name), recipe.Name, TimeProvider.System, new Lines());
await KpodPipeline.RunAsync(recipe, run, Stage.Report, CancellationToken.None).ConfigureAwait(false);

foreach (var result in JsonArtefact.Read<EvaluationResult[]>(run.PathOf(RunFiles.EvaluationSummary)))
{
    Console.WriteLine($"{result.Model} on {result.Split}: {result.Correct} of {result.Questions}");
}

var first = JsonArtefact.ReadLines<RationaleTokenWeights>(run.PathOf(RunFiles.TokenWeights))[0];
Console.WriteLine(string.Join(' ', first.Tokens.Select(token => $"{token.Text}:{token.Weight:0.00}")));

internal sealed class Lines : IRunObserver
{
    public void OnEvent(RunEvent happening) => Console.WriteLine($"{happening.Work}: {happening.Event}");

    public void OnProgress(string work, StageProgress progress)
    {
    }

    public void OnWarning(string message) => Console.WriteLine(message);
}
