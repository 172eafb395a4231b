using System.Globalization;
using Kpod.Files;
using Kpod.Recipes;

namespace Kpod.RationaleGeneration.Teachers.Budget;

/// <summary>A file of prices (YAML) that the user keeps: prices change, and no program can know them.</summary>
internal sealed record PriceFile
{
    private const double MostPrice = 1e9;

    /// <summary>Currency of all prices, such as <c>USD</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>The models.</summary>
    public required IReadOnlyList<ModelPrice> Models { get; init; }

    /// <summary>Finds a model's price.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model by the name that the server knows.</param>
    /// <returns>Its price and the currency.</returns>
    /// <exception cref="KpodException">The file is missing or faulty (all faults at once, each with line and key), or has no such model.</exception>
    public static (ModelPrice Price, string Currency) Find(string path, string model)
    {
        var document = RecipeDocument.Parse(path, JsonArtefact.ReadText(path, RecipeDocument.LongestFile), "a price file is one YAML mapping with the keys currency and models.");
        var binder = new OptionsBinder(document.FullPath, owner: "a price file");
        var file = (PriceFile)binder.Bind(typeof(PriceFile), document.Root, string.Empty);
        string[] faults = [.. binder.Faults, .. binder.Faults.Count == 0 ? file.Check(document.FullPath) : []];
        if (faults.Length > 0)
        {
            throw KpodException.FromFaults("The prices cannot be used (docs/formats.md shows such a file)", faults);
        }

        var price = file.Models.FirstOrDefault(entry => entry.Name == model)
            ?? throw new KpodException($"{document.FullPath}: has no price of the model '{model}', only of {string.Join(", ", file.Models.Select(entry => entry.Name))}; add it.");
        return (price, file.Currency);
    }

    private IEnumerable<string> Check(string path)
    {
        if (Models.Count == 0)
        {
            yield return $"{path}: models is empty; list at least one.";
        }

        foreach (var model in Models.Where(model => new[] { model.Input, model.Output, model.BatchInput ?? 0, model.BatchOutput ?? 0 }.Any(price => price is not (>= 0 and <= MostPrice))))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{path}: the model '{model.Name}' has the prices {string.Join(" and ", new[] { model.Input, model.Output, model.BatchInput, model.BatchOutput }.OfType<double>())}; a price is 0 or more.{(new[] { model.Input, model.Output, model.BatchInput ?? 0, model.BatchOutput ?? 0 }.Max() > MostPrice ? $" The most is {MostPrice:0}." : string.Empty)}");
        }

        foreach (var twice in Models.GroupBy(model => model.Name).Where(group => group.Count() > 1))
        {
            yield return $"{path}: the model '{twice.Key}' stands there {twice.Count()} times; keep one.";
        }
    }
}
