namespace Kpod.Verification.Results;

/// <summary>Something that is recorded but was not checked; never passed over in silence.</summary>
/// <param name="File">The file that records it, relative to the reference's folder.</param>
/// <param name="Name">What.</param>
/// <param name="Reason">Why not.</param>
public sealed record UncheckedItem(string File, string Name, string Reason);
