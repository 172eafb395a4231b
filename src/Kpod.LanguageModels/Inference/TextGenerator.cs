using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Kpod.LanguageModels.Architectures;
using Kpod.Tokenizers;
using TorchSharp;

namespace Kpod.LanguageModels.Inference;

/// <summary>Lets a model write behind prompts, many at once with a key-value cache.</summary>
public sealed class TextGenerator
{
    private readonly ILanguageModel _model;
    private readonly ITokenizer _tokenizer;
    private readonly HashSet<int> _endIds;

    /// <summary>Prepares to generate.</summary>
    /// <param name="model">The model; not owned.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="endIds">Every id that ends a text.</param>
    public TextGenerator(ILanguageModel model, ITokenizer tokenizer, IReadOnlyList<int> endIds)
    {
        _model = model;
        _tokenizer = tokenizer;
        _endIds = [.. endIds];
    }

    /// <summary>Writes behind each prompt. Prompts of like length share a batch, the longest first, so that memory runs out at once or not at all.</summary>
    /// <param name="prompts">Token ids per text; begin tokens included.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after every token of a batch; null for nobody.</param>
    /// <param name="cancel">Stops between two tokens.</param>
    /// <returns>The texts in the order of the prompts.</returns>
    /// <exception cref="KpodException">An option is out of range, or a prompt fills the model's context.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<GeneratedText> Generate(
        IReadOnlyList<int[]> prompts, GenerationOptions options, IProgress<GenerationProgress>? progress = null, CancellationToken cancel = default) => Generate(prompts, options, seeds: null, progress, cancel);

    /// <summary>Writes behind each prompt, each text with a seed of its own, so that what shares its batch does not matter to it.</summary>
    /// <param name="prompts">Token ids per text; begin tokens included.</param>
    /// <param name="options">How.</param>
    /// <param name="seeds">One a text; null where all follow from the options' seed and their places.</param>
    /// <param name="progress">Told after every token of a batch; null for nobody.</param>
    /// <param name="cancel">Stops between two tokens.</param>
    /// <returns>The texts in the order of the prompts.</returns>
    internal IReadOnlyList<GeneratedText> Generate(
        IReadOnlyList<int[]> prompts, GenerationOptions options, IReadOnlyList<long>? seeds, IProgress<GenerationProgress>? progress, CancellationToken cancel)
    {
        Check(prompts, options);
        var results = new GeneratedText[prompts.Count];
        var (finished, tokens) = (0, 0L);
        using var packed = PackedWeights.Of(_model, Math.Min(options.BatchSize, prompts.Count));
        foreach (var batch in Enumerable.Range(0, prompts.Count).OrderByDescending(index => prompts[index].Length).Chunk(options.BatchSize))
        {
            Write(prompts, batch, options, seeds, Report, cancel);
        }

        return results;

        void Report(int written, IEnumerable<TextUnderWay> ended)
        {
            tokens += written;
            foreach (var text in ended)
            {
                results[text.Index] = text.Finish();
                finished++;
            }

            progress?.Report(new GenerationProgress(finished, prompts.Count, tokens));
        }
    }

    /// <summary>Writes behind one prompt and shows the text while it grows.</summary>
    /// <param name="prompt">Token ids; begin tokens included.</param>
    /// <param name="options">How.</param>
    /// <param name="show">Is given what is new: whole characters, never a part of a stop text. Joined it is the text.</param>
    /// <param name="cancel">Stops between two tokens.</param>
    /// <returns>The text.</returns>
    /// <exception cref="KpodException">An option is out of range, or the prompt fills the model's context.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public GeneratedText Write(int[] prompt, GenerationOptions options, Action<string> show, CancellationToken cancel = default)
    {
        Check([prompt], options);
        cancel.ThrowIfCancellationRequested();
        using var packed = PackedWeights.Of(_model, 1);
        using var decoding = _model.StartDecoding([prompt]);
        var text = Start(0, prompt.Length, options);
        var stream = new StreamedText(_tokenizer, options.StopTexts);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var token = Choose(decoding.NextLogits, [text], options.Sampling)[0];
            text.Add(token);
            if (text.Ended is not null)
            {
                var written = text.Finish();
                Show(stream.Finish(written.Text));
                return written;
            }

            Show(stream.Append(token));
            decoding.Append([token]);
        }

        void Show(string chunk)
        {
            if (chunk.Length > 0)
            {
                show(chunk);
            }
        }
    }

    private void Write(
        IReadOnlyList<int[]> prompts, int[] batch, GenerationOptions options, IReadOnlyList<long>? seeds, Action<int, IEnumerable<TextUnderWay>> report, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var decoding = _model.StartDecoding([.. batch.Select(index => prompts[index])]);
        var texts = batch.Select(index => Start(index, prompts[index].Length, options, seeds?[index])).ToList();
        while (texts.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            var tokens = Choose(decoding.NextLogits, texts, options.Sampling);
            for (var row = 0; row < texts.Count; row++)
            {
                texts[row].Add(tokens[row]);
            }

            report(texts.Count, texts.Where(text => text.Ended is not null));
            int[] open = [.. Enumerable.Range(0, texts.Count).Where(row => texts[row].Ended is null)];
            if (open.Length > 0 && open.Length < texts.Count)
            {
                decoding.Keep(open);
            }

            texts = [.. open.Select(row => texts[row])];
            if (texts.Count > 0)
            {
                decoding.Append(Array.ConvertAll(open, row => tokens[row]));
            }
        }
    }

    private TextUnderWay Start(int index, int promptLength, GenerationOptions options, long? seed = null)
    {
        var room = Math.Min(options.MaximumNewTokens, _model.MaximumLength - (_model.IsCausal ? promptLength : 0));
        return new TextUnderWay(index, room, options.StopTexts, _endIds, _tokenizer, Seeds.Generator(seed ?? options.Seed, "sampling", seed is null ? index : 0));
    }

    private static int[] Choose(torch.Tensor logits, List<TextUnderWay> texts, Sampling sampling)
    {
        using var scope = torch.NewDisposeScope();
        if (sampling is Sampling.Greedy)
        {
            return logits.device_type == DeviceType.CPU ? Largest(logits) : [.. logits.argmax(-1).cpu().data<long>().Select(token => (int)token)];
        }

        var numbers = logits.cpu().data<float>().ToArray();
        var vocabulary = numbers.Length / texts.Count;
        return [.. texts.Select((text, row) => sampling.Choose(numbers.AsSpan(row * vocabulary, vocabulary), text.Random))];
    }

    // The first of the largest, as argmax has it, in a tenth of the time.
    private static int[] Largest(torch.Tensor logits)
    {
        var numbers = MemoryMarshal.Cast<byte, float>(logits.contiguous().bytes);
        var largest = new int[logits.shape[0]];
        var vocabulary = numbers.Length / largest.Length;
        for (var row = 0; row < largest.Length; row++)
        {
            largest[row] = TensorPrimitives.IndexOfMax(numbers.Slice(row * vocabulary, vocabulary));
        }

        return largest;
    }

    private void Check(IReadOnlyList<int[]> prompts, GenerationOptions options)
    {
        var faults = options.Check("generation").ToList();
        if (_model.IsCausal)
        {
            for (var index = 0; index < prompts.Count; index++)
            {
                if (prompts[index].Length == 0)
                {
                    faults.Add($"prompt {index + 1} has no tokens; give it at least its begin token");
                }

                if (prompts[index].Length >= _model.MaximumLength)
                {
                    faults.Add($"prompt {index + 1} has {prompts[index].Length} tokens, but the model's context is {_model.MaximumLength} and must hold the answer too; shorten it");
                }
            }
        }

        if (faults.Count > 0)
        {
            throw KpodException.FromFaults("generation", faults);
        }
    }
}
