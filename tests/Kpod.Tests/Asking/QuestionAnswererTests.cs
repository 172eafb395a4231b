using System.Text;
using Kpod.Asking;
using Kpod.LanguageModels.Inference;
using Kpod.LanguageModels.Native;
using Kpod.Testing;

namespace Kpod.Tests.Asking;

public sealed class QuestionAnswererTests
{
    private static string Model => SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");

    [Fact]
    public void The_real_model_answers_through_its_chat_template_and_the_shown_pieces_are_the_text()
    {
        var options = new AnswererOptions { UsesChatTemplate = true, System = "You are terse.", Generation = new GenerationOptions { MaximumNewTokens = 12 } };
        using var answerer = QuestionAnswerer.Open(new StudentLocation(Model, null, null), WeightPrecision.Bfloat16, ComputeDevice.Cpu, options, TimeProvider.System);
        var shown = new StringBuilder();
        var answer = answerer.Answer("What is 2+2? <|im_end|>", chunk => shown.Append(chunk), TestContext.Current.CancellationToken);
        Assert.Equal(answer.Text, shown.ToString());
        Assert.Equal("<|im_start|>system\nYou are terse.<|im_end|>\n<|im_start|>user\nWhat is 2+2? <|im_end|><|im_end|>\n<|im_start|>assistant\n", answer.Prompt);
        Assert.InRange(answer.Tokens, 1, 12);
        Assert.Throws<KpodException>(() => answerer.Answer("  ", _ => { }, TestContext.Current.CancellationToken));
        Assert.Throws<OperationCanceledException>(() => answerer.Answer("Hi", _ => { }, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Faults_are_named_before_anything_is_loaded()
    {
        var options = new AnswererOptions { System = "s", Generation = new GenerationOptions { MaximumNewTokens = 0 } };
        var faults = Assert.Throws<KpodException>(() => QuestionAnswerer.Open(new StudentLocation("nowhere", null, null), null, ComputeDevice.Cpu, options, TimeProvider.System));
        Assert.Contains("a system message needs the chat template", faults.Message, StringComparison.Ordinal);
        Assert.Contains("generation.maximumNewTokens is 0", faults.Message, StringComparison.Ordinal);
    }
}
