namespace Kpod.Runs;

/// <summary>Something that happened in a run: a line of <c>events.jsonl</c>.</summary>
/// <param name="Time">When, in UTC.</param>
/// <param name="Event">What: <c>started</c>, <c>finished</c>, <c>kept</c> (was done already), <c>reused</c> (from another run), <c>resumed</c>, <c>looked</c> (at the weights while they are learned), <c>priced</c> (what a kept token costs, and why), <c>failed</c>.</param>
/// <param name="Work">Which piece of work.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Message">Anything to add.</param>
public sealed record RunEvent(DateTimeOffset Time, string Event, string Work, double? Seconds = null, string? Message = null);
