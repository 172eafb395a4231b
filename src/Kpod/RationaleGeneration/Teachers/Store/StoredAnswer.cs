using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Teachers.Store;

/// <summary>A line of a store: a request and what the teacher answered.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Answer">What came back.</param>
public sealed record StoredAnswer(TeacherRequest Request, TeacherAnswer Answer);
