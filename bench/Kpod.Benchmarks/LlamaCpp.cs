using System.Numerics.Tensors;
using LLama;
using LLama.Common;
using LLama.Native;

namespace Kpod.Benchmarks;

/// <summary>llama.cpp with a GGUF file, writing greedily behind several prompts at once, as its own defaults have it.</summary>
internal sealed class LlamaCpp : IDisposable
{
    private readonly LLamaWeights _weights;
    private readonly LLamaContext _context;

    // It is talkative otherwise.
    static LlamaCpp() => NativeLogConfig.llama_log_set((_, _) => { });

    /// <summary>Loads a model.</summary>
    /// <param name="path">The .gguf file.</param>
    /// <param name="sequences">Texts written at once at most.</param>
    /// <param name="tokens">Tokens of one text at most, prompt included.</param>
    /// <param name="threads">Threads.</param>
    public LlamaCpp(string path, int sequences, int tokens, int threads)
    {
        var parameters = new ModelParams(path)
        {
            ContextSize = (uint)(sequences * tokens),
            SeqMax = (uint)sequences,
            BatchSize = 2048,
            GpuLayerCount = 0,
            Threads = threads,
            BatchThreads = threads,
        };
        _weights = LLamaWeights.LoadFromFile(parameters);
        _context = _weights.CreateContext(parameters);
    }

    /// <summary>Reads prompts and writes.</summary>
    /// <param name="prompts">Token ids per text.</param>
    /// <param name="newTokens">Tokens to write behind each; nothing ends a text early.</param>
    /// <param name="promptsRead">Called when the first token of each text is chosen.</param>
    /// <returns>The tokens written, text by text.</returns>
    public int[][] Write(IReadOnlyList<int[]> prompts, int newTokens, Action promptsRead)
    {
        _context.NativeHandle.MemoryClear(true);
        var written = prompts.Select(_ => new int[newTokens]).ToArray();
        var places = new int[prompts.Count];
        var batch = new LLamaBatch();
        for (var text = 0; text < prompts.Count; text++)
        {
            for (var position = 0; position < prompts[text].Length; position++)
            {
                places[text] = batch.Add(prompts[text][position], position, (LLamaSeqId)text, logits: position == prompts[text].Length - 1);
            }
        }

        for (var step = 0; step < newTokens; step++)
        {
            if (_context.NativeHandle.Decode(batch) != DecodeResult.Ok)
            {
                throw new InvalidOperationException("llama.cpp could not decode the batch.");
            }

            for (var text = 0; text < prompts.Count; text++)
            {
                written[text][step] = TensorPrimitives.IndexOfMax<float>(_context.NativeHandle.GetLogitsIth(places[text]));
            }

            if (step == 0)
            {
                promptsRead();
            }

            batch.Clear();
            for (var text = 0; text < prompts.Count; text++)
            {
                places[text] = batch.Add(written[text][step], prompts[text].Length + step, (LLamaSeqId)text, logits: true);
            }
        }

        return written;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _context.Dispose();
        _weights.Dispose();
    }
}
