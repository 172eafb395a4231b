namespace Kpod;

/// <summary>The largest value that an option may have in a recipe. Without it a whole number may have <see cref="Usual"/>: a slip of some zeros must be named, not be worked on for days.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtMostAttribute : Attribute
{
    /// <summary>The largest whole number without this attribute.</summary>
    public const long Usual = 1_000_000;

    /// <summary>The largest number with a fraction, and by its amount the smallest.</summary>
    public const double UsualReal = 1e9;

    /// <summary>Sets another limit.</summary>
    /// <param name="value">The largest value.</param>
    public AtMostAttribute(int value) => Value = value;

    /// <summary>The largest value.</summary>
    public int Value { get; }
}
