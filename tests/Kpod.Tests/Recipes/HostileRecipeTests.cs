using Kpod.Recipes;

namespace Kpod.Tests.Recipes;

/// <summary>YAML that is small as a text and without end once it is built, and values that no machine could work on: refused in a moment, by name.</summary>
public sealed class HostileRecipeTests
{
    public static TheoryData<string, string, string> Texts() => new()
    {
        { "aliases of aliases", "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(0, 12).Select(level => $"{(char)('b' + level)}: &{(char)('b' + level)} [{string.Join(',', Enumerable.Repeat($"*{(char)('a' + level)}", 9))}]\n")), "holds more than 100000 values" },
        { "a list in itself", "x: &x [*x]\n", "line 1, column 8: the alias *x stands in what it stands for" },
        { "a mapping in itself", "x: &x { y: *x }\n", "the alias *x stands in what it stands for" },
        { "a key in itself", "? &x { *x : 1 }\n: 2\n", "the alias *x stands in what it stands for" },
        { "brackets", new string('[', 100_000), "is nested more than 32 deep" },
        { "mappings", string.Concat(Enumerable.Repeat("{a: ", 50_000)), "is nested more than 32 deep" },
        { "dashes", string.Concat(Enumerable.Repeat("- ", 50_000)), "is nested more than 32 deep" },
        { "questions", string.Concat(Enumerable.Repeat("? ", 50_000)), "is nested more than 32 deep" },
        { "many values", "a: [" + string.Concat(Enumerable.Repeat("1,", 100_001)) + "]", "holds more than 100000 values" },
        { "an unknown alias", "a: *b\n", "no YAML" },
        { "a version without end", "%YAML 99999999999999999999.1\n---\na: 1\n", "no YAML" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_bomb_is_refused_by_its_place(string what, string text, string message)
    {
        var fault = Assert.Throws<KpodException>(() => RecipeDocument.Parse("r.yaml", text)).Message;
        Assert.True(fault.StartsWith("r.yaml", StringComparison.Ordinal) && fault.Contains(message, StringComparison.Ordinal), $"{what}: {fault}");
    }

    [Theory]
    [InlineData("name=&x [*x]", "the alias *x")]
    [InlineData("name={", "no YAML")]
    [InlineData("a.a.a.a.a.a.a.a.a=1", "names no key of a recipe")]
    public void An_override_is_no_way_around_it(string text, string message) =>
        Assert.Contains(message, Assert.Throws<KpodException>(() => RecipeDocument.Parse("r.yaml", "name: x").With([text])).Message, StringComparison.Ordinal);

    [Fact]
    public void An_alias_that_is_used_soundly_stays() =>
        Assert.Equal("b", RecipeDocument.Parse("r.yaml", "a: &a [b]\nc: *a\n").Root.Children[new YamlDotNet.RepresentationModel.YamlScalarNode("c")][0].ToString());

    [Theory]
    [InlineData("schedule", "{ stages: 2147483647 }", "schedule.stages is 2147483647; the most is 10000.")]
    [InlineData("schedule", "{ clusters: 2147483647 }", "schedule.clusters is 2147483647; the most is 10000.")]
    [InlineData("schedule", "{ diversityWeight: 1e308 }", "schedule.diversityWeight is 1E+308; it must lie between -1000000000 and 1000000000.")]
    [InlineData("distillation", "{ epochs: 999999999 }", "distillation.epochs is 999999999; the most is 10000.")]
    [InlineData("distillation", "{ lora: { rank: 100000 } }", "distillation.lora.rank is 100000; the most is 8192.")]
    [InlineData("evaluation", "{ batchSize: 2147483647 }", "evaluation.batchSize is 2147483647; the most is 1000000.")]
    [InlineData("student", "{ model: m, threads: 100000 }", "student.threads is 100000; the most is 1024.")]
    public void A_slip_of_some_zeros_is_named(string section, string value, string message)
    {
        var binder = new OptionsBinder(Path.GetFullPath("r.yaml"), checkPaths: false);
        binder.Bind(typeof(KpodRecipe), RecipeDocument.Parse("r.yaml", $"{section}: {value}").Root, string.Empty);
        Assert.Contains(binder.Faults, fault => fault.EndsWith(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"\"", "is empty")]
    [InlineData("\"a\\0b\"", "a line break or control character")]
    [InlineData("\"a\\nb\"", "a line break or control character")]
    public void A_path_that_is_none_is_named(string path, string message)
    {
        var binder = new OptionsBinder(Path.GetFullPath("r.yaml"), checkPaths: false);
        binder.Bind(typeof(KpodRecipe), RecipeDocument.Parse("r.yaml", $"student: {{ model: {path} }}").Root, string.Empty);
        Assert.Contains(binder.Faults, fault => fault.Contains("student.model is ", StringComparison.Ordinal) && fault.Contains(message, StringComparison.Ordinal));
    }
}
