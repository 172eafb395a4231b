using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.Distillation.Training;

/// <summary>Finds out which samples of a micro-batch make its loss or its gradient no number, by computing each of them alone.</summary>
internal static class FaultySamples
{
    /// <summary>Names them.</summary>
    /// <param name="student">The student.</param>
    /// <param name="parameters">What is trained; gradients gathered so far are lost.</param>
    /// <param name="examples">The micro-batch.</param>
    /// <returns>Such as <c>q3#0 (in a batch with q1#0, q2#0)</c>; all of them where each by itself is sound.</returns>
    public static string Describe(ILanguageModel student, IReadOnlyList<NamedParameter> parameters, IReadOnlyList<DistillationExample> examples)
    {
        var faulty = examples.Where(example => IsFaulty(student, parameters, example)).Select(example => example.Key).ToArray();
        var others = examples.Select(example => example.Key).Except(faulty).ToArray();
        return faulty.Length == 0 ? $"{string.Join(", ", others)} (each by itself is sound)"
            : others.Length == 0 ? string.Join(", ", faulty)
            : $"{string.Join(", ", faulty)} (in a batch with {string.Join(", ", others)})";
    }

    private static bool IsFaulty(ILanguageModel student, IReadOnlyList<NamedParameter> parameters, DistillationExample example)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var parameter in parameters)
        {
            parameter.Value.grad?.zero_();
        }

        var loss = DistillationLoss.Of(student, [example]).Sum;
        loss.backward();
        var gradients = parameters.Select(parameter => parameter.Value.grad).OfType<torch.Tensor>();
        return !(IsFinite(loss) && gradients.All(IsFinite));
    }

    // A square that overflows counts too: that is what the norm is made of.
    private static bool IsFinite(torch.Tensor tensor) => tensor.square().sum().isfinite().cpu().item<bool>();
}
