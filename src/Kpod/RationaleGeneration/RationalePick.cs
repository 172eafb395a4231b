namespace Kpod.RationaleGeneration;

/// <summary>Which rationales of a question are taken where it has more than are wanted.</summary>
public enum RationalePick
{
    /// <summary>The first ones in the file.</summary>
    First,

    /// <summary>Some drawn by the run's seed.</summary>
    Seeded,

    /// <summary>Those that are most unlike one another (<see cref="Quality.DiverseSelection"/>), as MCC-KD takes them.</summary>
    Diverse,
}
