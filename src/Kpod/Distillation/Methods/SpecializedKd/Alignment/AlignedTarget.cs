namespace Kpod.Distillation.Methods.SpecializedKd.Alignment;

/// <summary>What the student is to match at one of its tokens.</summary>
/// <param name="TeacherPositions">Teacher tokens that the token is aligned with.</param>
/// <param name="IsTransferred">Whether the teacher's distribution is matched; else all is on the token itself.</param>
/// <param name="Distribution">The distribution over the student's tokens.</param>
internal sealed record AlignedTarget(IReadOnlyList<int> TeacherPositions, bool IsTransferred, IReadOnlyList<TokenProbability> Distribution);
