using Kpod.Distillation.Methods.KeypointProgressive;
using Kpod.Distillation.Methods.PlainCot;
using Kpod.Distillation.Options;
using Kpod.Distillation.Visits;

namespace Kpod.Distillation.Methods;

/// <summary>The one list of the methods.</summary>
internal static class DistillationMethods
{
    /// <summary>The method that a recipe's key <c>method</c> names.</summary>
    /// <param name="method">The key.</param>
    /// <returns>The method's entry.</returns>
    public static MethodEntry Entry(this DistillationMethod method) => method switch
    {
        DistillationMethod.Kpod => KpodMethod.Entry,
        DistillationMethod.Cot => PlainCotMethod.Entry,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "The method is not in the list."),
    };
}
