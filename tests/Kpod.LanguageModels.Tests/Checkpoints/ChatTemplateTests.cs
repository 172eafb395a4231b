using Kpod.LanguageModels.Checkpoints;
using Kpod.Testing;
using Kpod.Tokenizers.ChatTemplates;

namespace Kpod.LanguageModels.Tests.Checkpoints;

public sealed class ChatTemplateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 6, 7, 8, 9, TimeSpan.Zero);

    [Fact]
    public void The_template_of_the_real_model_is_the_same_in_its_folder_and_in_its_gguf_file()
    {
        var folder = SharedFolder.PathOf("models", "SmolLM2-135M-Instruct");
        ChatMessage[] messages = [new("user", "Hi")];
        var fromFolder = ChatTemplateFile.FindInFolder(folder)!.Render(messages, addGenerationPrompt: true, Now);
        var fromGguf = CheckpointLoader.FindChatTemplate(Path.Combine(folder, "SmolLM2-135M-Instruct.Q4_1.gguf"))!.Render(messages, addGenerationPrompt: true, Now);
        Assert.Equal(
            "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", fromFolder.Text);
        Assert.Equal(fromFolder.Text, fromGguf.Text);
    }
}
