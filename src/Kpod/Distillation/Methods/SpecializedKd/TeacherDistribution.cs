namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>What a teacher thought of one token: the few most likely ones, as its interface lists them. They are not normalised; every other token has 0.</summary>
/// <param name="Ids">Token ids of the student, each once.</param>
/// <param name="Probabilities">Their probabilities.</param>
internal sealed record TeacherDistribution(IReadOnlyList<int> Ids, IReadOnlyList<double> Probabilities)
{
    /// <summary>All on one token.</summary>
    /// <param name="id">The token.</param>
    /// <returns>The distribution.</returns>
    public static TeacherDistribution OneHot(int id) => new([id], [1]);
}
