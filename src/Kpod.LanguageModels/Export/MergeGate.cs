using Kpod.LanguageModels.Checkpoints;
using Kpod.Tokenizers;
using TorchSharp;

namespace Kpod.LanguageModels.Export;

/// <summary>Holds a model that was written to a file to the model that it was made of: the same tokens for the same texts, and nearly the same logits.</summary>
internal sealed class MergeGate : IDisposable
{
    /// <summary>The most of the adapter's own effect that rounding may undo or add; beyond it the export is no longer the student that was trained.</summary>
    public const double MostOfAdapter = 0.25;

    private const int MostTexts = 8;
    private const int MostTokens = 48;

    private readonly IReadOnlyList<GateText> _texts;
    private readonly IReadOnlyList<(int[] Prompt, int[] Response)> _sequences;
    private readonly IReadOnlyList<int[]> _encodedTexts;
    private readonly torch.Tensor _reference;
    private readonly torch.Tensor? _base;

    private MergeGate(IReadOnlyList<GateText> texts, ITokenizer tokenizer, ILanguageModel model, bool hasAdapter)
    {
        _texts = texts;
        _encodedTexts = [.. AllTexts(texts).Select(text => Encode(tokenizer, text))];
        _sequences = [.. texts.Take(MostTexts).Select(text => Sequence(text, tokenizer, model.IsCausal)).Where(sequence => sequence.Response.Length > 0)];
        if (_sequences.Count == 0)
        {
            throw new KpodException("None of the prompts has two tokens in the model's vocabulary, so the models cannot be compared on them; give longer prompts.");
        }

        _reference = Logits(model);
        _base = hasAdapter ? WithoutAdapter(model) : null;
    }

    /// <summary>Notes what the model computes before it is written: base and adapter.</summary>
    /// <param name="texts">The texts; the first eight are computed on, up to 48 tokens each.</param>
    /// <param name="checkpoint">Base model and tokenizer; the adapter is attached.</param>
    /// <returns>The gate.</returns>
    /// <exception cref="KpodException">No text has two tokens.</exception>
    public static MergeGate Of(IReadOnlyList<GateText> texts, Checkpoint checkpoint) =>
        new(texts, checkpoint.Tokenizer, checkpoint.Model, checkpoint.Model.Linears.Any(linear => linear.Lora is not null));

    /// <summary>Makes sure that the written tokenizer reads the texts as the original does.</summary>
    /// <param name="written">The tokenizer, read back.</param>
    /// <exception cref="KpodException">A text has other tokens; the message shows it.</exception>
    public void CheckTokenizer(ITokenizer written)
    {
        foreach (var (text, ids) in AllTexts(_texts).Zip(_encodedTexts))
        {
            if (!Encode(written, text).SequenceEqual(ids))
            {
                throw new KpodException($"The format cannot hold this tokenizer exactly: it would read \"{Shorten(text)}\" as other tokens than the model was trained on. Nothing was written; choose another format.");
            }
        }
    }

    /// <summary>Compares the written model.</summary>
    /// <param name="model">The model, read back, without an adapter.</param>
    /// <param name="tolerance">The most that a logit may have moved, as a share of the largest.</param>
    /// <param name="betterType">Names a type that does better; null where there is none.</param>
    /// <returns>The comparison with its verdict.</returns>
    public MergeGateResult Compare(ILanguageModel model, double tolerance, string? betterType)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var written = Logits(model);
        var difference = (written - _reference).abs();
        var largest = difference.max().item<float>() / (double)_reference.abs().max().item<float>();
        var expected = _reference.log_softmax(-1);
        var divergence = (expected.exp() * (expected - written.log_softmax(-1))).sum(-1).mean().item<float>();
        var same = written.argmax(-1).eq(_reference.argmax(-1)).to(torch.ScalarType.Float32).mean().item<float>();
        double? share = _base is null ? null : RootMeanSquare(written - _reference) / RootMeanSquare(_reference - _base);
        var advice = betterType is null ? "No type does better: look at the model and the adapter." : $"Export as {betterType}, or raise the tolerance.";
        var refusal = !(largest <= tolerance) ? FormattableString.Invariant($"logits move by up to {largest:0.0000} of the largest one, beyond the tolerance of {tolerance}. {advice}")
            : share > MostOfAdapter ? FormattableString.Invariant($"rounding moves the logits {share:0.00} times as far as the adapter does, beyond {MostOfAdapter}: what was learned would be lost in it. {advice}")
            : null;
        return new MergeGateResult((int)_reference.shape[0], largest, Math.Max(0, divergence), same, share, tolerance, refusal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reference.Dispose();
        _base?.Dispose();
    }

    private static IEnumerable<string> AllTexts(IReadOnlyList<GateText> texts) =>
        texts.Concat(GateText.BuiltIn).SelectMany(text => new[] { text.Prompt, text.Response }).OfType<string>();

    private static int[] Encode(ITokenizer tokenizer, string text) => [.. tokenizer.Encode(text).Select(token => token.Id)];

    // A causal model predicts each token of the prompt but the first, too; T5 without a response writes the prompt itself.
    private static (int[] Prompt, int[] Response) Sequence(GateText text, ITokenizer tokenizer, bool isCausal)
    {
        var prompt = Encode(tokenizer, text.Prompt);
        if (!isCausal)
        {
            int[] end = tokenizer.EndId is { } id ? [id] : [];
            return ([.. prompt.Take(MostTokens), .. end], [.. Encode(tokenizer, text.Response ?? text.Prompt).Take(MostTokens)]);
        }

        int[] begin = tokenizer is { AddsBegin: true, BeginId: { } first } ? [first] : [];
        int[] whole = [.. begin, .. Encode(tokenizer, text.Response is null ? text.Prompt : text.Prompt + " " + text.Response)];

        // The end of prompt and response: there the student's own words stand.
        whole = [.. begin, .. whole.Skip(Math.Max(begin.Length, whole.Length - MostTokens))];
        return (whole[..1], whole[1..]);
    }

    private static double RootMeanSquare(torch.Tensor values) => Math.Sqrt(values.pow(2).mean().item<float>());

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";

    private torch.Tensor Logits(ILanguageModel model)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var batch = new TeacherForcedBatch(
            [.. _sequences.Select(sequence => sequence.Prompt)], [.. _sequences.Select(sequence => sequence.Response)], [.. _sequences.Select(sequence => Array.ConvertAll(sequence.Response, _ => true))]);
        return model.Logits(model.PredictingStates(batch)).cpu().DetachFromDisposeScope();
    }

    private torch.Tensor WithoutAdapter(ILanguageModel model)
    {
        var pairs = model.Linears.Select(linear => linear.Lora).ToArray();
        try
        {
            foreach (var linear in model.Linears)
            {
                linear.Lora = null;
            }

            return Logits(model);
        }
        finally
        {
            foreach (var (linear, pair) in model.Linears.Zip(pairs))
            {
                linear.Lora = pair;
            }
        }
    }
}
