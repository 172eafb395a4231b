using System.Text;
using System.Text.Json;
using Kpod.LanguageModels;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.Tokenizers;
using TorchSharp;

namespace Kpod.RationaleGeneration.Teachers.Clients;

/// <summary>The log-probabilities of a text that a local checkpoint wrote: the model reads it once more, all tokens at once. They are those of the model itself, before temperature and top-p.</summary>
internal static class LocalLogProbabilities
{
    // Logits of this many values, 64 MiB in float32, are alive at once.
    private const int MostLogits = 1 << 24;

    // What JSON cannot hold; servers write the same.
    private const double Impossible = -9999;

    /// <summary>Computes them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="prompt">Token ids that it read.</param>
    /// <param name="written">Token ids that it wrote, the end token included.</param>
    /// <param name="count">How many of the most probable tokens to report at each place.</param>
    /// <returns>A distribution a token; places in a text are not set.</returns>
    public static IReadOnlyList<TokenDistribution> Of(ILanguageModel model, ITokenizer tokenizer, int[] prompt, int[] written, int count)
    {
        if (written.Length == 0)
        {
            return [];
        }

        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var states = model.PredictingStates(new TeacherForcedBatch([prompt], [written], [Enumerable.Repeat(true, written.Length).ToArray()]));
        var decoder = new StreamingDecoder(tokenizer);
        var distributions = new List<TokenDistribution>(written.Length);
        var rowsAtOnce = Math.Max(1, MostLogits / model.VocabularySize);
        for (var row = 0; row < written.Length; row += rowsAtOnce)
        {
            using var part = torch.NewDisposeScope();
            var rows = Math.Min(rowsAtOnce, written.Length - row);
            var probabilities = model.Logits(states.narrow(0, row, rows)).to(torch.ScalarType.Float64).log_softmax(-1);
            var (values, ids) = probabilities.topk(Math.Min(count, (int)probabilities.shape[1]), dim: -1);
            var chosen = probabilities.gather(1, torch.tensor(written[row..(row + rows)].Select(id => (long)id).ToArray(), device: model.Device).unsqueeze(1));
            var (numbers, places, own) = (values.cpu().data<double>().ToArray(), ids.cpu().data<long>().ToArray(), chosen.cpu().data<double>().ToArray());
            var width = numbers.Length / rows;
            for (var index = 0; index < rows; index++)
            {
                var id = written[row + index];

                // A token that is a part of a character spells nothing yet; the last of the parts spells it whole.
                var spelled = decoder.Append(id) + (row + index == written.Length - 1 ? decoder.Finish() : string.Empty);
                var token = new TokenLogProbability(Piece(tokenizer, id), Encoding.UTF8.GetBytes(spelled), own[index]) { Id = id };
                distributions.Add(new TokenDistribution(
                    token, [.. Enumerable.Range(index * width, width).Select(place => new TokenLogProbability(Piece(tokenizer, (int)places[place]), null, numbers[place]) { Id = (int)places[place] })], null, null));
            }
        }

        return distributions;
    }

    /// <summary>A response's body in the form of OpenAI's chat completions, so that one reader does for all teachers.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="distributions">Its log-probabilities.</param>
    /// <returns>JSON.</returns>
    public static string Body(TeacherReply reply, IReadOnlyList<TokenDistribution> distributions) => JsonSerializer.Serialize(new
    {
        @object = "chat.completion",
        model = reply.Model,
        choices = new[]
        {
            new
            {
                index = 0,
                message = new { role = "assistant", content = reply.Text },
                finish_reason = reply.FinishReason,
                logprobs = new { content = distributions.Select(place => new { token = place.Chosen.Text, id = place.Chosen.Id, bytes = place.Chosen.Bytes!.Select(value => (int)value), logprob = Number(place.Chosen), top_logprobs = place.Top.Select(Token) }) },
            },
        },
        usage = new { prompt_tokens = reply.InputTokens, completion_tokens = reply.OutputTokens },
    });

    private static object Token(TokenLogProbability token) => new { token = token.Text, id = token.Id, logprob = Number(token) };

    private static double Number(TokenLogProbability token) => Math.Max(Impossible, token.LogProbability);

    // The embedding may have more rows than the vocabulary has tokens.
    private static string Piece(ITokenizer tokenizer, int id) => id < tokenizer.VocabularySize ? tokenizer.Piece(id) : string.Empty;
}
