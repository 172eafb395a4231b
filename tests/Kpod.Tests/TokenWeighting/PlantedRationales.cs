using Kpod.LanguageModels;
using Kpod.LanguageModels.Checkpoints;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.Tests.TokenWeighting;

/// <summary>Rationales of filler words in which one digit, somewhere, is the answer: what is a keypoint is known by construction.</summary>
internal static class PlantedRationales
{
    private const int Digits = 5;
    private const int Fillers = 10;

    public static WordTokenizer Tokenizer { get; } = new(
    [
        .. Enumerable.Range(0, Digits).Select(digit => $"{digit}"), .. Enumerable.Range(0, Fillers).Select(word => $"w{(char)('a' + word)}"), "Q", "so", "is", .. Enumerable.Range(0, 14).Select(word => $"unused{word}"),
    ]);

    /// <summary>A prompt of two words, a rationale of some words with one digit among them, and "so is DIGIT".</summary>
    public static EncodedRationale[] Make(int count, int seed, int fewestTokens = 6, int mostTokens = 12, bool encoderDecoder = false)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            var words = Enumerable.Range(0, random.Next(fewestTokens, mostTokens + 1)).Select(_ => $"w{(char)('a' + random.Next(Fillers))}").ToArray();
            var digit = random.Next(Digits);
            words[random.Next(words.Length)] = $"{digit}";
            return Make($"q{number}", $"Q w{(char)('a' + random.Next(Fillers))}", string.Join(' ', words), $"{digit}", encoderDecoder);
        })];
    }

    public static EncodedRationale Make(string id, string prompt, string text, string answer, bool encoderDecoder = false) => new()
    {
        QuestionId = id,
        Sample = 0,
        QuestionText = prompt,
        Text = text,
        PromptIds = [.. Tokenizer.Encode(prompt).Select(token => token.Id), .. encoderDecoder ? [1] : Array.Empty<int>()],
        RationaleTokens = [.. Tokenizer.Encode(text)],
        AnswerIds = [.. Tokenizer.Encode($"so is {answer}").Select(token => token.Id), 1],
        AnswerValueStart = 2,
        AnswerValueEnd = 2 + answer.Split(' ').Length,
    };

    public static Checkpoint Checkpoint(ILanguageModel model) => new(model, Tokenizer, "tiny", [1]);
}
