// Language models without the method: read a folder or a .gguf file, train an adapter on three sentences, let the model write, and export it merged.
//   dotnet run -c Release --project samples/TuneAnAdapter -- MODEL OUT
using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Export;
using Kpod.LanguageModels.Inference;
using Kpod.LanguageModels.Training;
using TorchSharp;

var (model, target) = args is [var first, var second] ? (first, second) : throw new ArgumentException("Name a model and a folder to write to.");
(string Prompt, string Response)[] sentences =
[
    ("The capital of France is", " Paris."), ("The capital of Italy is", " Rome."), ("The capital of Spain is", " Madrid."),
];

using var checkpoint = CheckpointLoader.Load(model, torch.ScalarType.Float32, torch.CPU);
int[] Ids(string text) => [.. checkpoint.Tokenizer.Encode(text).Select(token => token.Id)];
var prompts = sentences.Select(sentence => Ids(sentence.Prompt)).ToArray();
var responses = sentences.Select(sentence => (int[])[.. Ids(sentence.Response), checkpoint.EndIds[0]]).ToArray();
var batch = new TeacherForcedBatch(prompts, responses, [.. responses.Select(response => response.Select(_ => true).ToArray())]);
var uniform = Enumerable.Repeat(1f, batch.SupervisedCount).ToArray();

var adapter = LoraAdapter.Attach(checkpoint.Model, new LoraOptions { Rank = 8 }, seed: 1);
var options = new OptimizerOptions { LearningRate = 1e-3 };
using (var adam = new Adam(adapter.Parameters, options))
{
    var step = new OptimizerStep(adam, options, totalSteps: 20);
    for (var taken = 0; taken < 20; taken++)
    {
        var result = step.Take([() => TokenLoss.Weighted(TokenLoss.NegativeLogLikelihoods(checkpoint.Model, batch), uniform)], _ => "the three sentences");
        Console.WriteLine($"step {result.Step}: {result.Loss:0.000} nat a token");
    }
}

var written = new TextGenerator(checkpoint.Model, checkpoint.Tokenizer, checkpoint.EndIds).Generate([prompts[0]], new GenerationOptions { MaximumNewTokens = 8 });
Console.WriteLine($"{sentences[0].Prompt}{written[0].Text}");
PeftAdapter.Save(adapter, Path.Combine(target, "adapter"), model);
var report = ModelExporter.Export(new ExportOptions { Model = model, Adapter = Path.Combine(target, "adapter"), Target = Path.Combine(target, "merged") });
Console.WriteLine($"{Path.Combine(target, "merged")}: {(report.IsWritten ? "written" : report.Gate!.Refusal)}");
