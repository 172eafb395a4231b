namespace Kpod.LanguageModels.Inspection;

/// <summary>A tensor as a file lists it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
/// <param name="Type">How its elements are stored, in the format's own word.</param>
/// <param name="Bytes">Bytes that it takes in the file.</param>
public sealed record InspectedTensor(string Name, IReadOnlyList<long> Shape, string Type, long Bytes)
{
    /// <summary>Number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, dimension) => product * dimension);
}
