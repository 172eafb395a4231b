using Kpod.Asking;
using Kpod.Datasets.Formats;
using Kpod.LanguageModels.Inference;
using Kpod.LanguageModels.Native;
using Kpod.Testing;

namespace Kpod.Tests.Asking;

public sealed class StudentLocationTests
{
    [Fact]
    public void A_runs_folder_means_its_base_with_its_student()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("base"));
        Directory.CreateDirectory(folder.PathOf("run", "06-student"));
        File.WriteAllText(folder.PathOf("run", "recipe.yaml"), $"name: r\nmethod: kpod\nstudent: {{ model: {folder.PathOf("base")}, precision: bfloat16 }}\ndataset: {{ train: x.jsonl }}\n");
        var early = Assert.Throws<KpodException>(() => StudentLocation.Find(folder.PathOf("run"), null));
        Assert.Contains("this run has no student yet", early.Message, StringComparison.Ordinal);
        Assert.Equal(new StudentLocation(folder.PathOf("base"), folder.PathOf("base"), WeightPrecision.Bfloat16), StudentLocation.Find(folder.PathOf("run"), folder.PathOf("base")));

        File.WriteAllText(folder.PathOf("run", "06-student", "adapter_model.safetensors"), string.Empty);
        Assert.Equal(new StudentLocation(folder.PathOf("base"), folder.PathOf("run", "06-student"), WeightPrecision.Bfloat16), StudentLocation.Find(folder.PathOf("run"), null));
        Directory.Delete(folder.PathOf("base"));
        Assert.Contains("is not there any more", Assert.Throws<KpodException>(() => StudentLocation.Find(folder.PathOf("run"), null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_path_is_the_model_itself()
    {
        Assert.Equal(new StudentLocation("m.gguf", null, null), StudentLocation.Find("m.gguf", null));
        Assert.Contains("nowhere: there is no such adapter", Assert.Throws<KpodException>(() => StudentLocation.Find("m.gguf", "nowhere")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Where do fish live? (A) in trees (B) in water", "Where do fish live?", "A=in trees;B=in water")]
    [InlineData("Who (A) came?", "Who (A) came?", "")]
    [InlineData("f(X) is? (B) 2 (C) 3", "f(X) is? (B) 2 (C) 3", "")]
    [InlineData(" Tom has 3. How many? ", "Tom has 3. How many?", "")]
    public void Choices_are_read_from_the_question(string typed, string text, string choices)
    {
        var question = TypedQuestion.Parse(typed);
        Assert.Equal(text, question.Text);
        Assert.Equal(choices, string.Join(';', (question.Choices ?? new Dictionary<string, string>()).Select(choice => $"{choice.Key}={choice.Value}")));
    }

    [Fact]
    public void A_system_message_needs_the_chat_template()
    {
        Assert.Empty(new AnswererOptions { UsesChatTemplate = true, System = "s" }.Check());
        Assert.Single(new AnswererOptions { System = "s" }.Check());
        Assert.Equal(2, new AnswererOptions { System = "s", Generation = new GenerationOptions { MaximumNewTokens = 0 } }.Check().Count());
    }
}
