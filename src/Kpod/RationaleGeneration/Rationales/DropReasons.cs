namespace Kpod.RationaleGeneration.Rationales;

/// <summary>Why rationales are not used, in words for people, where more than the filter needs to know.</summary>
internal static class DropReasons
{
    /// <summary>The teacher would not write it.</summary>
    public const string Refused = "refused by the teacher";
}
