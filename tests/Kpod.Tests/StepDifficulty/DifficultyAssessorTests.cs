using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Testing;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Runs;
using Kpod.StepDifficulty;
using Kpod.TokenWeighting.Weights;
using TorchSharp;

namespace Kpod.Tests.StepDifficulty;

public sealed class DifficultyAssessorTests
{
    private static readonly StepDifficultyOptions Options = new();

    [Theory]
    [MemberData(nameof(RecordedRationale.Variants), MemberType = typeof(RecordedRationale))]
    public void Steps_and_difficulties_are_those_of_the_reference(string variant)
    {
        using var reference = new ReferenceModel(variant);
        var recorded = RecordedRationale.Of(variant);
        foreach (var batchSize in new[] { 1, 2, 8 })
        {
            var weighted = Assess(reference.Model, recorded, Options with { BatchSize = batchSize });
            var uniform = Assess(reference.Model, recorded, Options with { BatchSize = batchSize, UniformWeights = true });
            var largest = 0.0;
            foreach (var (item, index) in recorded.Select((item, index) => (item, index)))
            {
                Assert.Equal(item.Steps, weighted[index].Steps.Select(step => (step.FirstToken, step.EndToken)));
                Assert.Equal((item.Encoded.QuestionId, item.Encoded.Sample), (weighted[index].QuestionId, weighted[index].Sample));
                var scale = item.Difficulty.Max();
                foreach (var (steps, expected) in new[] { (weighted[index].Steps, item.Difficulty), (uniform[index].Steps, item.UniformDifficulty) })
                {
                    largest = Math.Max(largest, steps.Zip(expected, (step, difficulty) => Math.Abs(step.Difficulty - difficulty) / scale).Max());
                }
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"{variant}, batches of {batchSize}: largest relative difference {largest:E1}");
            Assert.True(largest <= 1e-5);
        }
    }

    [Fact]
    public void Weights_are_found_by_question_and_sample_in_any_order_and_others_are_passed_over()
    {
        using var reference = new ReferenceModel("llama-gqa-tied");
        var recorded = RecordedRationale.Of("llama-gqa-tied");
        var expected = Assess(reference.Model, recorded, Options);
        RationaleTokenWeights[] shuffled = [recorded[0].Weights with { QuestionId = "another" }, .. recorded.Select(item => item.Weights).Reverse()];
        var actual = DifficultyAssessor.Assess(
            reference.Model, [.. recorded.Select(item => item.Encoded)], shuffled, Options, null, TestContext.Current.CancellationToken);
        Assert.Equal(expected.SelectMany(item => item.Steps), actual.SelectMany(item => item.Steps));
    }

    [Fact]
    public void The_answer_segment_does_not_count()
    {
        using var reference = new ReferenceModel("llama-gqa-tied");
        var recorded = RecordedRationale.Of("llama-gqa-tied");
        RecordedRationale[] other = [.. recorded.Select(item => item with { Encoded = item.Encoded with { AnswerIds = [7, 7] } })];
        var options = Options with { BatchSize = 1 };
        Assert.Equal(Steps(recorded), Steps(other));

        IEnumerable<StepWithDifficulty> Steps(RecordedRationale[] items) => Assess(reference.Model, items, options).SelectMany(item => item.Steps);
    }

    [Fact]
    public void Weights_of_other_tokens_are_an_error_that_names_the_rationale()
    {
        using var reference = new ReferenceModel("llama-gqa-tied");
        var recorded = RecordedRationale.Of("llama-gqa-tied");
        var good = recorded[1].Weights;
        Expect("q1#0 has 17 tokens but 16 token weights", good with { Tokens = [.. good.Tokens.Take(16)] });
        Expect("q1#0: token 0 stands at characters 0 to 1, its weight (\"=\") at 0 to 2", WithFirst(good.Tokens[0] with { End = 2 }));
        Expect("q1#0: the weight of token 0 (\"=\") is NaN; it must lie in [0, 1]", WithFirst(good.Tokens[0] with { Weight = double.NaN }));
        Expect("q1#0: the weight of token 0 (\"=\") is 1.5; it must lie in [0, 1]", WithFirst(good.Tokens[0] with { Weight = 1.5 }));
        Expect("q1#0 has no token weights", good with { Sample = 1 });
        Expect("q0#0 occurs twice", good with { QuestionId = "q0" });

        RationaleTokenWeights WithFirst(WeightedToken token) => good with { Tokens = [token, .. good.Tokens.Skip(1)] };

        void Expect(string message, RationaleTokenWeights weights)
        {
            RecordedRationale[] items = [recorded[0], recorded[1] with { Weights = weights }];
            Assert.Contains(message, Assert.Throws<KpodException>(() => Assess(reference.Model, items, Options)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_weights_in_the_difficulty_none_are_needed()
    {
        using var reference = new ReferenceModel("llama-gqa-tied");
        var recorded = RecordedRationale.Of("llama-gqa-tied");
        var difficulties = DifficultyAssessor.Assess(
            reference.Model, [.. recorded.Select(item => item.Encoded)], [], Options with { UniformWeights = true }, null, TestContext.Current.CancellationToken);
        Assert.Equal(recorded.Length, difficulties.Count);
    }

    [Fact]
    public void What_cannot_be_read_is_named_before_anything_is_read()
    {
        using var reference = new ReferenceModel("llama-gqa-tied");
        var recorded = RecordedRationale.Of("llama-gqa-tied");
        var empty = recorded[0].Encoded with { QuestionId = "empty", RationaleTokens = [] };
        var large = recorded[0].Encoded with { QuestionId = "long", PromptIds = new int[reference.Model.MaximumLength] };
        var exception = Assert.Throws<KpodException>(() => DifficultyAssessor.Assess(
            reference.Model, [empty, large], [], Options with { BatchSize = 0, UniformWeights = true }, null, TestContext.Current.CancellationToken));
        Assert.Contains("stepDifficulty.batchSize is 0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("empty#0 has no tokens", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"long#0 has {reference.Model.MaximumLength + 14} tokens with its prompt", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_student_is_named_with_the_rationale_and_the_token()
    {
        using var scope = torch.NewDisposeScope();
        using var reference = new ReferenceModel("llama-gqa-tied");
        var recorded = RecordedRationale.Of("llama-gqa-tied");
        reference.Model.InputEmbedding[recorded[2].Encoded.RationaleTokens[3].Id].fill_(float.NaN);
        var exception = Assert.Throws<KpodException>(() => Assess(reference.Model, recorded, Options with { BatchSize = 1 }));
        Assert.Matches("Rationale q[0-2]#0: the student's loss of token [0-9]+ is NaN", exception.Message);
    }

    [Fact]
    public void A_student_with_an_adapter_is_not_the_un_distilled_one()
    {
        using var reference = new ReferenceModel("llama-gqa-tied");
        PeftAdapter.Load(reference.Model, Path.Combine(reference.Folder, "lora"));
        Assert.Throws<ArgumentException>(() => Assess(reference.Model, RecordedRationale.Of("llama-gqa-tied"), Options));
    }

    [Fact]
    public void Progress_is_told_and_a_wish_to_stop_is_heard()
    {
        using var reference = new ReferenceModel("llama-gqa-tied");
        var recorded = RecordedRationale.Of("llama-gqa-tied");
        EncodedRationale[] rationales = [.. recorded.Select(item => item.Encoded)];
        RationaleTokenWeights[] weights = [.. recorded.Select(item => item.Weights)];
        using var cancel = new CancellationTokenSource();
        var heard = new List<StageProgress>();
        var progress = new Listener(report =>
        {
            heard.Add(report);
            if (report.Done == 2)
            {
                cancel.Cancel();
            }
        });
        var options = Options with { BatchSize = 1 };
        Assert.Throws<OperationCanceledException>(() => DifficultyAssessor.Assess(reference.Model, rationales, weights, options, progress, cancel.Token));
        Assert.Equal([new StageProgress(1, 3, "rationales"), new StageProgress(2, 3, "rationales")], heard);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var reference = new ReferenceModel("t5-flan-gated-untied");
        var recorded = RecordedRationale.Of("t5-flan-gated-untied");
        LeakCheck.IsFlat(() => Assess(reference.Model, recorded, Options));
    }

    private static IReadOnlyList<RationaleDifficulty> Assess(ILanguageModel model, RecordedRationale[] recorded, StepDifficultyOptions options) =>
        DifficultyAssessor.Assess(
            model, [.. recorded.Select(item => item.Encoded)], [.. recorded.Select(item => item.Weights)], options, null, TestContext.Current.CancellationToken);

    private sealed class Listener(Action<StageProgress> hear) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => hear(value);
    }
}
