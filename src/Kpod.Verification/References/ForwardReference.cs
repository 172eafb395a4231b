using Kpod.LanguageModels;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Training;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.References;

/// <summary>Holds a model against a <c>reference.safetensors</c>: logits, log-probabilities, losses, frequencies, buckets and gradients of the input.</summary>
/// <param name="report">Hears what is found.</param>
/// <param name="numbers">The file.</param>
/// <param name="model">The model; without an adapter.</param>
internal sealed class ForwardReference(ReportBuilder report, ReferenceNumbers numbers, ILanguageModel model)
{
    // Names that are read as input only; reading them where nothing else does would say nothing.
    private static readonly string[] Inputs =
    [
        "input_ids", "attention_mask", "labels", "token_weights", "decoder_input_ids", "left_input_ids", "left_attention_mask", "inputs_embeds", "greedy_prompt_ids", "greedy_prompt_mask",
    ];

    private static readonly string[] LossNames = ["loss_sum", "loss_tokens", "weighted_loss_sum"];

    /// <summary>Checks everything but the generations.</summary>
    public void Check()
    {
        using var scope = torch.NewDisposeScope();
        using (torch.no_grad())
        {
            CheckLogits();
            CheckLosses();
        }

        switch (model)
        {
            case LlamaModel llama:
                CheckFrequencies(llama);
                break;
            case T5Model t5:
                CheckEncoder(t5);
                CheckEmbeddings(t5);
                CheckBuckets(t5);
                break;
        }

        numbers.Pass(Inputs);
    }

    private void CheckLogits()
    {
        using var scope = torch.NewDisposeScope();
        if (numbers.Has("logits") || numbers.Has("next_logprobs") || numbers.Has("token_logprobs"))
        {
            var logits = PaddedForward.Logits(model, numbers);
            Compare("logits", logits);
            if (model.IsCausal && numbers.Has("next_logprobs"))
            {
                Compare("next_logprobs", NextLogProbabilities(logits));
            }

            if (!model.IsCausal && numbers.Has("token_logprobs"))
            {
                Compare("token_logprobs", TokenLogProbabilities(logits));
            }
        }

        if (model.IsCausal && numbers.Has("left_logits"))
        {
            Compare("left_logits", PaddedForward.Logits(model, numbers, "left_"));
        }
    }

    private torch.Tensor NextLogProbabilities(torch.Tensor logits)
    {
        var (ids, mask) = PaddedForward.Table(model, numbers, "input_ids", "attention_mask");
        var (next, isReal) = (ids.narrow(1, 1, ids.shape[1] - 1), mask.narrow(1, 1, ids.shape[1] - 1));
        return LogProbabilities(logits.narrow(1, 0, ids.shape[1] - 1), next).mul(isReal);
    }

    private torch.Tensor TokenLogProbabilities(torch.Tensor logits)
    {
        var labels = numbers.Integers("labels").to(model.Device);
        return LogProbabilities(logits, labels.clamp_min(0)).mul(labels.ge(0));
    }

    private void CheckLosses()
    {
        if (!LossNames.Any(numbers.Has))
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        var batch = ReferenceBatch.Read(numbers, string.Empty, model);
        if (batch.Fault is not null)
        {
            report.Fail(numbers.Name, "labels", batch.Fault);
        }

        var losses = TokenLoss.NegativeLogLikelihoods(model, batch.Batch);
        Compare("loss_sum", losses.sum().view(1));
        if (numbers.Has("loss_tokens"))
        {
            report.CompareExactly(numbers.Name, "loss_tokens", numbers.Integers("loss_tokens").data<long>().ToArray(), [batch.Batch.SupervisedCount], _ => "number");
        }

        if (numbers.Has("weighted_loss_sum"))
        {
            Compare("weighted_loss_sum", TokenLoss.Weighted(losses, batch.Weights).Sum.view(1));
        }
    }

    // As a ratio: over the whole tensor a wrong low frequency would vanish beside the first, which is 1.
    private void CheckFrequencies(LlamaModel llama)
    {
        if (numbers.Has("inv_freq"))
        {
            using var scope = torch.NewDisposeScope();
            var recorded = numbers.Numbers("inv_freq");
            var own = llama.RotaryFrequencies.cpu();
            if (own.shape.SequenceEqual(recorded.shape))
            {
                (recorded, own) = (torch.ones_like(recorded), own.div(recorded));
            }

            report.Compare(numbers.Name, "inv_freq", recorded, own);
        }
    }

    private void CheckEncoder(T5Model t5)
    {
        if (numbers.Has("encoder_last_hidden_state"))
        {
            using var scope = torch.NewDisposeScope();
            using var noGradient = torch.no_grad();
            var (ids, mask) = PaddedForward.Table(t5, numbers, "input_ids", "attention_mask");
            Compare("encoder_last_hidden_state", t5.Encode(t5.Embed(ids), mask).mul(mask.unsqueeze(-1)));
        }
    }

    private void CheckEmbeddings(T5Model t5)
    {
        if (!numbers.Has("logits_from_embeds") && !numbers.Has("grad_inputs_embeds"))
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        var (_, mask) = PaddedForward.Table(t5, numbers, "input_ids", "attention_mask");
        var embeddings = numbers.Numbers("inputs_embeds").to(torch.ScalarType.Float32, t5.Device).clone();
        if (!embeddings.shape.SequenceEqual([.. mask.shape, t5.HiddenSize]))
        {
            throw numbers.Wrong("inputs_embeds", $"has the shape [{string.Join(", ", embeddings.shape)}]; it must be that of input_ids, and {t5.HiddenSize} wide");
        }

        embeddings.requires_grad_();
        var logits = PaddedForward.Decoder(t5, numbers, t5.Encode(embeddings, mask), mask);
        Compare("logits_from_embeds", logits);
        if (numbers.Has("grad_inputs_embeds"))
        {
            var labels = numbers.Integers("labels").to(t5.Device);
            var weights = numbers.Numbers("token_weights").to(torch.ScalarType.Float32, t5.Device);
            LogProbabilities(logits, labels.clamp_min(0)).mul(weights).mul(labels.ge(0)).sum().neg().div(labels.ge(0).sum()).backward();
            Compare("grad_inputs_embeds", embeddings.grad!);
        }
    }

    private void CheckBuckets(T5Model t5)
    {
        foreach (var (name, bidirectional) in new[] { ("bucket_bidirectional", true), ("bucket_causal", false) })
        {
            if (numbers.Has(name))
            {
                using var scope = torch.NewDisposeScope();
                var recorded = numbers.Integers(name).data<long>().ToArray();
                var (buckets, distance) = (t5.Configuration.RelativeBuckets, t5.Configuration.RelativeMaximumDistance);

                // The distances -2 D to 2 D with D the largest; a list of another length is centred on 0 too.
                var own = recorded.Select((_, index) => (long)RelativeBuckets.Of(index - (recorded.Length / 2), bidirectional, buckets, distance)).ToArray();
                report.CompareExactly(numbers.Name, name, recorded, own, index => $"relative position {index - (recorded.Length / 2)}");
            }
        }
    }

    private static torch.Tensor LogProbabilities(torch.Tensor logits, torch.Tensor ids) => logits.log_softmax(-1).gather(2, ids.unsqueeze(-1)).squeeze(-1);

    private void Compare(string name, torch.Tensor computed)
    {
        if (numbers.Has(name))
        {
            report.Compare(numbers.Name, name, numbers.Numbers(name), computed);
        }
    }
}
