using Kpod.Recipes;

namespace Kpod.Tests.Recipes;

public sealed class OptionsBinderTests
{
    public enum Colour
    {
        Red,
        DeepBlue,
    }

    [Fact]
    public void Values_are_bound_and_defaults_stay()
    {
        var (options, faults) = Bind("name: a\nshade: deepBlue\ninner: { count: 7, list: [x, y] }\nrate: 5e-4\n");
        Assert.Empty(faults);
        Assert.Equal("a", options.Name);
        Assert.Equal(Colour.DeepBlue, options.Shade);
        Assert.Equal(7, options.Inner.Count);
        Assert.Equal(["x", "y"], options.Inner.List);
        Assert.Equal(5e-4, options.Rate);
        Assert.True(options.Flag);
    }

    [Fact]
    public void All_faults_are_named_at_once_with_line_and_nearest_key()
    {
        var (_, faults) = Bind("nam: a\nshade: blu\ninner:\n  cuont: 3\n  count: many\nrate: [1]\n");
        var text = string.Join('\n', faults);
        Assert.Contains("line 1, column 1: nam is no key of a recipe. Did you mean name?", text, StringComparison.Ordinal);
        Assert.Contains("line 2, column 8: shade is 'blu'; it is one of red, deepBlue.", text, StringComparison.Ordinal);
        Assert.Contains("line 4, column 3: inner.cuont is no key of a recipe. Did you mean count?", text, StringComparison.Ordinal);
        Assert.Contains("inner.count is 'many'; it takes a whole number.", text, StringComparison.Ordinal);
        Assert.Contains("rate takes a single value.", text, StringComparison.Ordinal);
        Assert.Contains("name is missing.", text, StringComparison.Ordinal);
        Assert.Equal(6, faults.Count);
    }

    [Fact]
    public void A_path_is_relative_to_the_recipe_and_must_exist()
    {
        var (options, faults) = Bind("name: a\nmodel: ../nowhere/model\n");
        Assert.Equal(Path.GetFullPath("/tmp/nowhere/model"), options.Model);
        Assert.Contains("model names ../nowhere/model, and there is no /tmp/nowhere/model", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_and_variants_are_merged_before_binding()
    {
        var document = RecipeDocument.Parse("/tmp/r/recipe.yaml", "name: a\ninner: { count: 1, list: [z] }\nvariants:\n  - name: b\n  - { name: c, inner: { count: 5 } }\n")
            .With(["inner.count=3", "flag=false"]);
        var variants = document.Variants();
        Assert.Equal(2, variants.Count);
        var second = (Sample)new OptionsBinder("/tmp/r/recipe.yaml").Bind(typeof(Sample), variants[1].Root, string.Empty);
        Assert.Equal(("c", 5, "z", false), (second.Name, second.Inner.Count, second.Inner.List[0], second.Flag));
        var first = (Sample)new OptionsBinder("/tmp/r/recipe.yaml").Bind(typeof(Sample), variants[0].Root, string.Empty);
        Assert.Equal(3, first.Inner.Count);
    }

    [Theory]
    [InlineData("a: [1", "line ")]
    [InlineData("- 1", "one YAML mapping")]
    [InlineData("", "one YAML mapping")]
    public void What_is_no_mapping_is_refused(string yaml, string expected) =>
        Assert.Contains(expected, Assert.Throws<KpodException>(() => RecipeDocument.Parse("r.yaml", yaml)).Message, StringComparison.Ordinal);

    private static (Sample Options, IReadOnlyList<string> Faults) Bind(string yaml)
    {
        var binder = new OptionsBinder("/tmp/r/recipe.yaml");
        var options = (Sample)binder.Bind(typeof(Sample), RecipeDocument.Parse("/tmp/r/recipe.yaml", yaml).Root, string.Empty);
        return (options, binder.Faults);
    }

    public sealed record Sample
    {
        public required string Name { get; init; }

        public Colour Shade { get; init; }

        public double Rate { get; init; } = 1;

        public bool Flag { get; init; } = true;

        [RecipePath]
        public string? Model { get; init; }

        public Inner Inner { get; init; } = new();
    }

    public sealed record Inner
    {
        public int Count { get; init; } = 2;

        public IReadOnlyList<string> List { get; init; } = [];
    }
}
