using Kpod.Testing;

namespace Kpod.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_lists_the_verbs_in_the_order_of_the_stages()
    {
        var (code, output, _) = await KpodProcess.RunAsync(_folder.FullPath, "--help");
        Assert.Equal(0, code);
        string[] verbs = ["data", "rationales", "weights", "difficulty", "schedule", "distill", "evaluate", "report", "run", "compare", "generate", "quickstart", "export", "inspect", "verify"];
        var places = verbs.Select(verb => output.IndexOf($"\n  {verb} ", StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Theory]
    [InlineData("weigths")]
    [InlineData("run")]
    [InlineData("run", "recipe.yaml", "--jsno")]
    public async Task A_wrong_command_line_is_exit_code_2_with_a_word_on_it(params string[] arguments)
    {
        var (code, output, error) = await KpodProcess.RunAsync(_folder.FullPath, arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("kpod: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_a_recipe_is_named_at_once_and_nothing_is_made()
    {
        File.WriteAllText(_folder.PathOf("r.yaml"), "name: r\nmethod: kpodd\nstudent: { model: nowhere }\ndataset: { train: missing.jsonl, tset: x }\ndistillation: { epochz: 3 }\n");
        var (code, output, error) = await KpodProcess.RunAsync(_folder.FullPath, "run", "r.yaml", "--json");
        Assert.Equal(2, code);
        Assert.Empty(output);
        foreach (var expected in new[] { "Did you mean kpod?", "student.model names nowhere", "dataset.train names missing.jsonl", "Did you mean test?", "Did you mean epochs?", "line 5" })
        {
            Assert.Contains(expected, error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(_folder.PathOf("runs")));
    }

    [Fact]
    public async Task A_missing_recipe_is_named()
    {
        var (code, _, error) = await KpodProcess.RunAsync(_folder.FullPath, "data", "nothing.yaml");
        Assert.Equal(2, code);
        Assert.Contains("nothing.yaml: no such recipe", error, StringComparison.Ordinal);
    }
}
