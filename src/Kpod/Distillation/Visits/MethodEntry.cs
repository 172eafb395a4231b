namespace Kpod.Distillation.Visits;

/// <summary>A method as the one list has it: what it is called, what it needs of the stages before, and how it is made.</summary>
/// <param name="Name">Its short name, as a reader knows it.</param>
/// <param name="Description">What it does, in a sentence.</param>
/// <param name="FollowsSchedule">Whether it needs token weights, step difficulties and a schedule.</param>
/// <param name="Make">Makes it.</param>
internal sealed record MethodEntry(string Name, string Description, bool FollowsSchedule, Func<MethodInputs, IDistillationMethod> Make);
