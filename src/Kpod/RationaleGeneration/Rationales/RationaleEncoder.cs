using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Prompts;
using Kpod.Tokenizers;
using Kpod.Tokenizers.Tokens;

namespace Kpod.RationaleGeneration.Rationales;

/// <summary>
/// Turns question and rationale into the student's tokens. The text is tokenised once and cut by character offsets, because the tokens of a whole are not those of its parts; a
/// token belongs to the part of its first character that is no white space.
/// </summary>
internal sealed class RationaleEncoder
{
    private readonly ITokenizer _tokenizer;
    private readonly bool _isCausal;
    private readonly int _endId;

    /// <summary>Encodes for one student.</summary>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="isCausal">Whether prompt and response are one sequence, or the prompt goes into an encoder.</param>
    /// <param name="endId">The token that ends a response.</param>
    public RationaleEncoder(ITokenizer tokenizer, bool isCausal, int endId)
    {
        _tokenizer = tokenizer;
        _isCausal = isCausal;
        _endId = endId;
    }

    /// <summary>The prompt as the student reads it before it writes.</summary>
    /// <param name="question">The question.</param>
    /// <returns>Token ids; with the begin token (causal) or the end token (encoder) where the model has one.</returns>
    public int[] EncodePrompt(Question question) => Framed(_tokenizer.Encode(CotPrompt.Of(question)).Select(token => token.Id));

    /// <summary>Encodes a rationale.</summary>
    /// <param name="question">Its question.</param>
    /// <param name="rationale">The rationale.</param>
    /// <returns>Its tokens in their parts.</returns>
    /// <exception cref="KpodException">A part has no token, or the prompt reads differently inside the whole; the message names the item.</exception>
    public EncodedRationale Encode(Question question, Rationale rationale)
    {
        var encoded = Cut(question, rationale);
        return Lack(encoded) is { } lack ? throw new KpodException($"{encoded.Key} (answer '{question.Answer}'): {lack}.") : encoded;
    }

    /// <summary>Measures a rationale before it is kept.</summary>
    /// <param name="question">Its question.</param>
    /// <param name="rationale">The rationale.</param>
    /// <returns>Tokens of prompt, rationale and answer together, and why it cannot be learned from; null where it can.</returns>
    /// <exception cref="KpodException">The prompt reads differently inside the whole; the message names the item.</exception>
    public (int Tokens, string? Lack) Measure(Question question, Rationale rationale)
    {
        var encoded = Cut(question, rationale);
        return (encoded.Length, Lack(encoded));
    }

    private EncodedRationale Cut(Question question, Rationale rationale)
    {
        var prompt = CotPrompt.Of(question);
        var front = _isCausal ? prompt + " " : string.Empty;
        var answerStart = front.Length + rationale.Text.Length;
        var valueStart = answerStart + CotPrompt.Connector.Length;
        var whole = front + rationale.Text + CotPrompt.Connector + question.Answer;
        var tokens = _tokenizer.Encode(whole);
        var places = tokens.Select(token => FirstVisible(whole, token)).ToArray();

        // Starts never go backwards, so each part is one stretch. The space in front of the rationale, should it be a token of its own, is written by the student.
        var rationaleFrom = places.Count(place => place < front.Length - 1);
        var answerFrom = places.Count(place => place < answerStart);
        var valueFrom = places.Count(place => place < valueStart);
        var alone = _tokenizer.Encode(prompt).Select(token => token.Id).ToArray();
        if (_isCausal && !tokens.Take(rationaleFrom).Select(token => token.Id).SequenceEqual(alone))
        {
            throw new KpodException($"{rationale.QuestionId}#{rationale.Sample}: the prompt's tokens change when the rationale follows it, so the student would be trained on a prompt that it never reads. Look at the last characters of the question.");
        }

        return new EncodedRationale
        {
            QuestionId = rationale.QuestionId,
            Sample = rationale.Sample,
            QuestionText = question.Text,
            Text = rationale.Text,
            PromptIds = Framed(alone),
            RationaleTokens = [.. tokens.Take(answerFrom).Skip(rationaleFrom).Select(token => Shift(token, front.Length, rationale.Text.Length))],
            AnswerIds = [.. tokens.Skip(answerFrom).Select(token => token.Id), _endId],
            AnswerValueStart = valueFrom - answerFrom,
            AnswerValueEnd = tokens.Count - answerFrom,
        };
    }

    // A vocabulary that cannot spell a text has no token for it, or only the unknown one (T5).
    private string? Lack(EncodedRationale encoded) => !encoded.RationaleTokens.Any(token => token.Id != _tokenizer.UnknownId)
        ? "the rationale has no token in this student's vocabulary"
        : !encoded.AnswerIds[encoded.AnswerValueStart..encoded.AnswerValueEnd].Any(id => id != _tokenizer.UnknownId)
            ? "the answer has no token in this student's vocabulary"
            : null;

    private int[] Framed(IEnumerable<int> prompt)
    {
        int[] begin = _isCausal && _tokenizer is { AddsBegin: true, BeginId: { } id } ? [id] : [];
        int[] end = _isCausal ? [] : [_endId];
        return [.. begin, .. prompt, .. end];
    }

    private static Token Shift(Token token, int by, int length) =>
        token with { Start = Math.Clamp(token.Start - by, 0, length), End = Math.Clamp(token.End - by, 0, length) };

    private static int FirstVisible(string text, Token token)
    {
        for (var position = token.Start; position < token.End; position++)
        {
            if (!char.IsWhiteSpace(text[position]))
            {
                return position;
            }
        }

        return token.Start;
    }
}
