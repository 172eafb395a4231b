using Kpod.Checkpoints;
using Kpod.Models;
using TorchSharp;

namespace Kpod.Tests.Checkpoints;

/// <summary>Logits of the batch that a file of reference numbers holds, 0 at padding, as the references have them.</summary>
internal static class ReferenceLogits
{
    public static torch.Tensor Of(ILanguageModel model, SafetensorsFile numbers)
    {
        var ids = numbers.Read("input_ids");
        var mask = numbers.Read("attention_mask").to(torch.ScalarType.Bool);
        if (model is T5Model t5)
        {
            var states = t5.Decode(numbers.Read("decoder_input_ids"), t5.Encode(t5.Embed(ids), mask), mask);
            return t5.Logits(states.view(-1, t5.HiddenSize)).view(states.shape[0], states.shape[1], -1) * numbers.Read("labels").ge(0).unsqueeze(-1);
        }

        return OfCausal(model, ids) * mask.unsqueeze(-1);
    }

    public static torch.Tensor OfCausal(ILanguageModel model, torch.Tensor ids)
    {
        var llama = (LlamaModel)model;
        var states = llama.Forward(llama.Embed(ids), torch.arange(ids.shape[1]).unsqueeze(0));
        return llama.Logits(states.view(-1, llama.HiddenSize)).view(states.shape[0], states.shape[1], -1);
    }
}
