using Kpod.LanguageModels;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using TorchSharp;

namespace Kpod.Verification.Recorded;

/// <summary>Runs a model on a whole padded batch, as the reference did, and sets what stands at padding to 0.</summary>
internal static class PaddedForward
{
    /// <summary>Logits of every token of a batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="numbers">Holds <c>input_ids</c>, <c>attention_mask</c>, and for an encoder-decoder <c>decoder_input_ids</c> and <c>labels</c>.</param>
    /// <param name="side">In front of the names: <c>left_</c> for the left-padded rows of a causal model, else empty.</param>
    /// <returns>(sequences, tokens, vocabulary).</returns>
    public static torch.Tensor Logits(ILanguageModel model, ReferenceNumbers numbers, string side = "")
    {
        using var scope = torch.NewDisposeScope();
        var (ids, mask) = Table(model, numbers, $"{side}input_ids", $"{side}attention_mask");
        var logits = model switch
        {
            LlamaModel llama => OutputLayer(llama, Causal(llama, ids, mask)).mul(mask.unsqueeze(-1)),
            T5Model t5 => Decoder(t5, numbers, Encoder(t5, t5.Embed(ids), mask), mask),
            _ => throw Unknown(model),
        };
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>States behind the encoder.</summary>
    /// <param name="model">The model.</param>
    /// <param name="embeddings">(sequences, tokens, hidden).</param>
    /// <param name="mask">(sequences, tokens), bool.</param>
    /// <returns>(sequences, tokens, hidden).</returns>
    public static torch.Tensor Encoder(T5Model model, torch.Tensor embeddings, torch.Tensor mask) => model.Encode(embeddings, mask);

    /// <summary>Logits of the decoder, 0 where the label is none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="numbers">Holds <c>decoder_input_ids</c> and <c>labels</c>.</param>
    /// <param name="encoded">From <see cref="Encoder"/>.</param>
    /// <param name="mask">The encoder's mask.</param>
    /// <returns>(sequences, tokens, vocabulary).</returns>
    public static torch.Tensor Decoder(T5Model model, ReferenceNumbers numbers, torch.Tensor encoded, torch.Tensor mask)
    {
        using var scope = torch.NewDisposeScope();
        var decoderIds = torch.tensor(Square(numbers.Rows("decoder_input_ids", 0, model.VocabularySize - 1)), device: model.Device);
        var isLabel = torch.tensor(Square(numbers.Rows("labels", -100, model.VocabularySize - 1)), device: model.Device).ge(0);
        if (!decoderIds.shape.SequenceEqual(isLabel.shape) || decoderIds.shape[0] != encoded.shape[0])
        {
            throw numbers.Wrong("decoder_input_ids", "does not have the shape of labels, or not as many rows as input_ids");
        }

        return OutputLayer(model, model.Decode(decoderIds, encoded, mask)).mul(isLabel.unsqueeze(-1)).MoveToOuterDisposeScope();
    }

    /// <summary>Reads ids and their mask onto the model's device.</summary>
    /// <param name="model">The model.</param>
    /// <param name="numbers">The file.</param>
    /// <param name="ids">The tensor of ids.</param>
    /// <param name="mask">The tensor of the mask.</param>
    /// <returns>Ids, and the mask as bool.</returns>
    public static (torch.Tensor Ids, torch.Tensor Mask) Table(ILanguageModel model, ReferenceNumbers numbers, string ids, string mask)
    {
        var table = torch.tensor(Square(numbers.Rows(ids, 0, model.VocabularySize - 1)), device: model.Device);
        var real = torch.tensor(Square(numbers.Rows(mask, 0, 1)), device: model.Device).ne(0);
        if (!table.shape.SequenceEqual(real.shape))
        {
            throw numbers.Wrong(mask, $"does not have the shape of {ids}");
        }

        return real.any(1).all().cpu().item<bool>() ? (table, real) : throw numbers.Wrong(mask, "has a row without a token");
    }

    private static torch.Tensor Causal(LlamaModel model, torch.Tensor ids, torch.Tensor mask)
    {
        using var scope = torch.NewDisposeScope();
        var tokens = ids.shape[1];
        if (tokens < 2 || mask.narrow(1, 1, tokens - 1).logical_and(mask.narrow(1, 0, tokens - 1).logical_not()).any().logical_not().cpu().item<bool>())
        {
            // Padded on the right: plain causal attention never sees the padding.
            return model.Forward(model.Embed(ids), torch.arange(tokens, device: model.Device).unsqueeze(0)).MoveToOuterDisposeScope();
        }

        // A padded query would see no key at all, and its softmax would be NaN; it sees itself instead, and nobody reads it.
        var hidden = torch.ones(tokens, tokens, dtype: torch.ScalarType.Bool, device: model.Device).triu(1).logical_or(mask.logical_not().unsqueeze(1).unsqueeze(1))
            .logical_and(torch.eye(tokens, dtype: torch.ScalarType.Bool, device: model.Device).logical_not());
        var additive = torch.zeros(hidden.shape, dtype: model.WeightType, device: model.Device).masked_fill(hidden, float.NegativeInfinity);
        var positions = (mask.to(torch.ScalarType.Int64).cumsum(1) - 1).clamp_min(0);
        return model.Forward(model.Embed(ids), positions, additive).MoveToOuterDisposeScope();
    }

    private static torch.Tensor OutputLayer(ILanguageModel model, torch.Tensor states) =>
        model.Logits(states.view(-1, model.HiddenSize)).view(states.shape[0], states.shape[1], -1);

    private static long[,] Square(long[][] rows)
    {
        var table = new long[rows.Length, rows.Length == 0 ? 0 : rows[0].Length];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < rows[row].Length; column++)
            {
                table[row, column] = rows[row][column];
            }
        }

        return table;
    }

    private static ArgumentException Unknown(ILanguageModel model) => new($"{model.GetType().Name} is no model that can be verified.", nameof(model));
}
