using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Llama;
using Kpod.Verification.Recorded;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints;

/// <summary>Logits of the batch that a file of reference numbers holds, 0 at padding, as the references have them.</summary>
internal static class ReferenceLogits
{
    public static torch.Tensor Of(ILanguageModel model, SafetensorsFile numbers)
    {
        using var reference = new ReferenceNumbers(numbers.Path, Path.GetFileName(numbers.Path));
        return PaddedForward.Logits(model, reference);
    }

    public static torch.Tensor OfCausal(ILanguageModel model, torch.Tensor ids)
    {
        var llama = (LlamaModel)model;
        var states = llama.Forward(llama.Embed(ids), torch.arange(ids.shape[1]).unsqueeze(0));
        return llama.Logits(states.view(-1, llama.HiddenSize)).view(states.shape[0], states.shape[1], -1);
    }
}
