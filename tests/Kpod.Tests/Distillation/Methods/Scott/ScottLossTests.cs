using Kpod.Distillation.Methods.Scott;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.Tests.Distillation.Methods.Scott;

public sealed class ScottLossTests
{
    [Fact]
    public void Only_the_answer_and_the_end_token_count_in_a_counterfactual_example()
    {
        var rationale = Items.Make("q", 0, [10, 11, 12], [3]).Rationale; // answer segment: connector 90, value 91, end 2
        var example = ScottExample.Counterfactual(rationale);
        Assert.Equal([false, false, false, false, true, true], example.Supervised);
        Assert.Equal([1f, 1f], example.Weights);
        Assert.All(ScottExample.Factual(rationale).Supervised, Assert.True);
    }

    [Fact]
    public void What_the_counterfactual_rationale_says_changes_the_loss_only_through_the_answer()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        var rationale = Items.Make("q", 0, [10, 11, 12], [3]).Rationale;
        var loss = new ScottLoss(0.5).Counterfactual(model, [ScottExample.Counterfactual(rationale)]);
        var batch = new TeacherForcedBatch([rationale.PromptIds], [rationale.ResponseIds()], [[true, true, true, true, true, true]]);
        var all = TokenLoss.NegativeLogLikelihoods(model, batch).cpu().data<float>().ToArray();
        Assert.Equal(all[4] + all[5], loss.Sums()[0].cpu().item<float>(), 1e-5f);
        Assert.Equal(2, loss.Means[0].Normaliser);
    }

    [Fact]
    public void A_step_is_two_means_however_its_examples_are_cut()
    {
        using var model = TinyModel.Llama();
        DistillationExample[] factual = [.. Enumerable.Range(0, 4).Select(index => ScottExample.Factual(Items.Make("q", index, [.. Enumerable.Range(10, index + 1)], [index + 1]).Rationale))];
        DistillationExample[] counterfactual = [.. Enumerable.Range(0, 4).Select(index => ScottExample.Counterfactual(Items.Make("q", index, [.. Enumerable.Range(30, 5 - index)], [5 - index]).Rationale))];
        var loss = new ScottLoss(0.3);
        var expected = StepLoss.Of([loss.Factual(model, factual), loss.Counterfactual(model, counterfactual)]);
        Assert.Equal((0.7 * Mean(factual)) + (0.3 * Mean(counterfactual)), expected, 1e-5);
        Assert.Equal(expected, StepLoss.Of([.. factual.Select(example => loss.Factual(model, [example])), .. counterfactual.Select(example => loss.Counterfactual(model, [example]))]), 1e-5);
        Assert.Equal(expected, StepLoss.Of([.. factual.Chunk(2).Select(some => loss.Factual(model, some)), .. counterfactual.Chunk(2).Select(some => loss.Counterfactual(model, some))]), 1e-5);

        double Mean(DistillationExample[] examples)
        {
            using var scope = torch.NewDisposeScope();
            var sum = DistillationLoss.Of(model, examples);
            return sum.Sum.cpu().item<float>() / (double)sum.Normaliser;
        }
    }

    [Fact]
    public void A_tag_stands_before_question_and_rationale()
    {
        var question = ScottTag.On(new Kpod.Datasets.Questions.Question { Id = "q", Text = "How many?", Answer = "3" }, ScottTag.Factual);
        Assert.Equal("Q: [factual] How many? A: Let's think step by step.", Kpod.RationaleGeneration.Prompts.CotPrompt.Of(question));
        var rationale = new Kpod.RationaleGeneration.Rationales.Rationale { QuestionId = "q", Sample = 0, Text = "Three.", Teacher = "t", Correct = true };
        Assert.Equal("[counterfactual] Three.", ScottTag.On(rationale, ScottTag.Counterfactual).Text);
    }
}
