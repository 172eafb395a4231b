using Kpod.Recipes;
using Kpod.Testing;

namespace Kpod.Tests.Recipes;

public sealed class ShippedRecipeTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(SharedFolder.RepositoryRoot, "recipes"), "*.yaml", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_recipe_loads_with_all_its_variants(string name)
    {
        var path = Path.Combine(SharedFolder.RepositoryRoot, "recipes", name);
        SharedFolder.PathOf("models");
        Assert.Equal(Path.GetFileNameWithoutExtension(name), KpodRecipe.Load(path).Name);
        var variants = RecipeDocument.Load(path).Variants().Select(KpodRecipe.From).ToArray();
        Assert.Equal(variants.Length, variants.Select(variant => variant.Name).Distinct().Count());
        Assert.NotEmpty(variants);
    }
}
