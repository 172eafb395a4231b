namespace Kpod.Testing;

/// <summary>A call as a <see cref="TeacherServer"/> saw it.</summary>
/// <param name="Number">Number of the call, from 0.</param>
/// <param name="Attempt">Number of the call among those with the same body, from 0.</param>
/// <param name="Prompt">The last message.</param>
/// <param name="Body">The whole body, JSON.</param>
/// <param name="Authorization">The header with the key.</param>
public sealed record TeacherServerCall(int Number, int Attempt, string Prompt, string Body, string? Authorization);
