namespace Kpod.Recipes;

/// <summary>Marks an option that is a path: in a recipe it is relative to the recipe's file.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RecipePathAttribute : Attribute
{
    /// <summary>Whether the path must exist when the recipe is checked.</summary>
    public bool MustExist { get; init; } = true;
}
