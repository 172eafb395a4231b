using System.Text.Json;
using Kpod.Checkpoints;
using Kpod.Models;
using Kpod.Testing;
using Kpod.Training;
using TorchSharp;

namespace Kpod.Tests.Models;

public sealed class ReferenceParityTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Variants => [.. LlamaModelTests.Variants.Concat(T5ModelTests.Variants).Select(row => row.Data)];

    public static TheoryData<string, string> Adapters => new()
    {
        { "llama-mha-untied", "lora" },
        { "llama-mha-untied", "lora-rslora" },
        { "llama-gqa-tied", "lora" },
        { "llama-gqa-tied", "lora-qv" },
        { "qwen2", "lora" },
        { "t5-flan-gated-untied", "lora" },
    };

    public static TheoryData<string, string> Trainings
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var variant in new[] { "llama-mha-untied", "llama-gqa-tied", "qwen2", "t5-flan-gated-untied" })
            {
                foreach (var optimizer in new[] { "adam", "adamw", "adamclip" })
                {
                    rows.Add(variant, optimizer);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Losses_are_those_of_the_reference(string variant)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var reference = new ReferenceModel(variant);
        var (batch, weights) = reference.Batch(name => reference[name]);
        Assert.Equal(reference["loss_tokens"].cpu().item<long>(), batch.SupervisedCount);
        var negativeLogLikelihoods = TokenLoss.NegativeLogLikelihoods(reference.Model, batch);
        TensorAssert.Close(reference["loss_sum"], negativeLogLikelihoods.sum().view(1), Tolerance, $"{variant} loss_sum");
        TensorAssert.Close(reference["weighted_loss_sum"], TokenLoss.Weighted(negativeLogLikelihoods, weights).Sum.view(1), Tolerance, $"{variant} weighted_loss_sum");
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Adapters_give_the_loss_and_the_gradients_of_the_reference(string variant, string folder)
    {
        using var scope = torch.NewDisposeScope();
        using var reference = new ReferenceModel(variant);
        using var numbers = reference.Open(folder);
        var parameters = reference.AttachAdapter(folder);
        TensorAssert.Close(numbers.Read("logits"), reference.Logits(), Tolerance, $"{variant}/{folder} logits");
        TensorAssert.Close(numbers.Read("merged_logits"), reference.Logits(), Tolerance, $"{variant}/{folder} merged_logits");
        var loss = WeightedLoss(reference, name => reference[name]);
        TensorAssert.Close(numbers.Read("weighted_loss"), loss.Sum.view(1).div(loss.Normaliser), Tolerance, $"{variant}/{folder} weighted_loss");
        loss.Sum.div(loss.Normaliser).backward();
        var largest = parameters.Max(parameter =>
        {
            var expected = numbers.Read($"grad.{parameter.Key}");
            return TensorAssert.RelativeDifference(expected, parameter.Value.grad!);
        });
        TestContext.Current.TestOutputHelper!.WriteLine($"{variant}/{folder} gradients: {largest:E1}");
        Assert.True(largest <= Tolerance);
    }

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Five_optimizer_steps_move_the_adapter_as_in_the_reference(string variant, string optimizer)
    {
        using var scope = torch.NewDisposeScope();
        using var reference = new ReferenceModel(variant);
        using var numbers = reference.Open("lora");
        var parameters = reference.AttachAdapter("lora").Select(pair => new NamedParameter(pair.Key, pair.Value)).ToList();
        var options = new OptimizerOptions
        {
            LearningRate = 1e-3,
            Course = LearningRateCourse.Constant,
            WeightDecay = optimizer == "adamw" ? 0.01 : 0,
            MaximumGradientNorm = optimizer == "adamclip" ? 0.25 : 0,
        };
        using var adam = new Adam(parameters, options);
        var results = Train(reference, numbers, new OptimizerStep(adam, options, totalSteps: 5), steps: 5, step =>
        {
            if (step is 1 or 5)
            {
                var largest = parameters.Max(parameter => TensorAssert.RelativeDifference(
                    numbers.Read($"{optimizer}.step{step}.{parameter.Name}"), parameter.Value));
                TestContext.Current.TestOutputHelper!.WriteLine($"{variant} {optimizer} adapter after step {step}: {largest:E1}");
                Assert.True(largest <= Tolerance);
            }
        });
        TensorAssert.Close(numbers.Read($"{optimizer}.losses"), torch.tensor(results.Select(result => result.Loss).ToArray()), Tolerance, $"{variant} {optimizer} losses");
        if (optimizer == "adamclip")
        {
            var norms = torch.tensor(results.Select(result => result.GradientNorm).ToArray());
            TensorAssert.Close(numbers.Read("adamclip.total_norms"), norms, Tolerance, $"{variant} total_norms");
        }
    }

    [Theory]
    [InlineData("llama-gqa-tied")]
    [InlineData("t5-flan-gated-untied")]
    public void Three_steps_of_full_training_move_every_weight_as_in_the_reference(string variant)
    {
        using var scope = torch.NewDisposeScope();
        using var reference = new ReferenceModel(variant);
        using var numbers = reference.Open("full");
        var parameters = reference.Model.Weights.Select(weight => new NamedParameter(weight.Key, weight.Value.requires_grad_(true))).ToList();
        var options = new OptimizerOptions { LearningRate = 1e-3, Course = LearningRateCourse.Constant };
        using var adam = new Adam(parameters, options);
        var results = Train(reference, numbers, new OptimizerStep(adam, options, totalSteps: 3), steps: 3, _ => { });
        TensorAssert.Close(numbers.Read("losses"), torch.tensor(results.Select(result => result.Loss).ToArray()), Tolerance, $"{variant} full losses");
        Assert.Equal(numbers.Tensors.Keys.Count(name => name.StartsWith("weights.", StringComparison.Ordinal)), parameters.Count);
        var largest = parameters.Max(parameter => TensorAssert.RelativeDifference(numbers.Read($"weights.{parameter.Name}"), parameter.Value));
        TestContext.Current.TestOutputHelper!.WriteLine($"{variant} weights after step 3: {largest:E1}");
        Assert.True(largest <= Tolerance);
    }

    [Theory]
    [InlineData("llama-gqa-tied")]
    [InlineData("t5-flan-gated-untied")]
    public void Rationale_and_answer_losses_are_those_of_the_reference(string variant)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var reference = new ReferenceModel(variant);
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(reference.Folder, "kpod.json")));
        var (prompts, responses) = (new List<int[]>(), new List<int[]>());
        var expected = new List<double>();
        foreach (var example in document.RootElement.GetProperty("examples").EnumerateArray())
        {
            prompts.Add(example.GetProperty("prompt_ids").Deserialize<int[]>()!);
            responses.Add([.. example.GetProperty("rationale_ids").Deserialize<int[]>()!, .. example.GetProperty("answer_ids").Deserialize<int[]>()!]);
            expected.AddRange(example.GetProperty("expected").GetProperty("rationale_nll").Deserialize<double[]>()!);
            expected.AddRange(example.GetProperty("expected").GetProperty("answer_nll").Deserialize<double[]>()!);
        }

        var batch = new TeacherForcedBatch(prompts, responses, [.. responses.Select(response => Enumerable.Repeat(true, response.Length).ToArray())]);
        TensorAssert.Close(torch.tensor(expected.ToArray()), TokenLoss.NegativeLogLikelihoods(reference.Model, batch), Tolerance, $"{variant} token losses");
    }

    private static List<OptimizerStepResult> Train(ReferenceModel reference, SafetensorsFile numbers, OptimizerStep optimizer, int steps, Action<int> check)
    {
        var results = new List<OptimizerStepResult>();
        for (var step = 1; step <= steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var prefix = $"batch{step}.";
            results.Add(optimizer.Take([() => WeightedLoss(reference, name => numbers.Read(prefix + name))], index => $"batch {step}, part {index}"));
            check(step);
        }

        return results;
    }

    private static LossSum WeightedLoss(ReferenceModel reference, Func<string, torch.Tensor> read)
    {
        var (batch, weights) = reference.Batch(read);
        return TokenLoss.Weighted(TokenLoss.NegativeLogLikelihoods(reference.Model, batch), weights);
    }
}
