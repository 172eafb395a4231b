using System.Text;
using Kpod.LanguageModels.Llama;

namespace Kpod.Benchmarks;

/// <summary>
/// A GGUF file of a LLaMA whose matrices are random blocks of Q4_0, norms 1: what matters for memory and time without a download. Scales are such that a weight has about
/// the deviation of a trained one, so that states stay in the range of trained models. It holds no tokenizer.
/// </summary>
internal static class RandomGgufFile
{
    private const uint Text = 8;
    private const uint Unsigned = 4;
    private const uint Float = 6;
    private const uint Float32 = 0;
    private const uint FourBit = 2; // Q4_0: blocks of 32 in 18 bytes, a half as scale before 16 bytes of nibbles
    private const int BlockElements = 32;
    private const int BlockBytes = 18;
    private const int Alignment = 32;

    /// <summary>Writes a file over an earlier one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">The model's shape.</param>
    public static void Write(string path, LlamaConfiguration shape)
    {
        using var writer = new BinaryWriter(File.Create(path));
        (string Name, long Rows, long Columns)[] tensors = [.. Tensors(shape)];
        KeyValuePair<string, object>[] values =
        [
            new("general.architecture", "llama"),
            new("llama.vocab_size", (uint)shape.VocabularySize),
            new("llama.context_length", (uint)shape.MaximumLength),
            new("llama.embedding_length", (uint)shape.HiddenSize),
            new("llama.feed_forward_length", (uint)shape.FeedForwardSize),
            new("llama.block_count", (uint)shape.Layers),
            new("llama.attention.head_count", (uint)shape.Heads),
            new("llama.attention.head_count_kv", (uint)shape.KeyValueHeads),
            new("llama.attention.layer_norm_rms_epsilon", (float)shape.NormEpsilon),
            new("llama.rope.freq_base", (float)shape.RopeTheta),
        ];
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Length);
        writer.Write((ulong)values.Length);
        foreach (var (key, value) in values)
        {
            WriteText(writer, key);
            WriteValue(writer, value);
        }

        var offset = 0L;
        foreach (var (name, rows, columns) in tensors)
        {
            WriteText(writer, name);
            writer.Write(rows == 1 ? 1u : 2u);
            writer.Write((ulong)columns);
            if (rows > 1)
            {
                writer.Write((ulong)rows);
            }

            writer.Write(rows == 1 ? Float32 : FourBit);
            writer.Write((ulong)offset);
            offset += Aligned(Bytes(rows, columns));
        }

        Pad(writer);
        foreach (var (_, rows, columns) in tensors)
        {
            WriteData(writer, rows, columns);
            Pad(writer);
        }
    }

    private static IEnumerable<(string Name, long Rows, long Columns)> Tensors(LlamaConfiguration shape)
    {
        var (hidden, inner, width) = (shape.HiddenSize, shape.FeedForwardSize, shape.HeadSize);
        yield return ("token_embd.weight", shape.VocabularySize, hidden);
        for (var block = 0; block < shape.Layers; block++)
        {
            yield return ($"blk.{block}.attn_norm.weight", 1, hidden);
            yield return ($"blk.{block}.attn_q.weight", shape.Heads * width, hidden);
            yield return ($"blk.{block}.attn_k.weight", shape.KeyValueHeads * width, hidden);
            yield return ($"blk.{block}.attn_v.weight", shape.KeyValueHeads * width, hidden);
            yield return ($"blk.{block}.attn_output.weight", hidden, shape.Heads * width);
            yield return ($"blk.{block}.ffn_norm.weight", 1, hidden);
            yield return ($"blk.{block}.ffn_gate.weight", inner, hidden);
            yield return ($"blk.{block}.ffn_up.weight", inner, hidden);
            yield return ($"blk.{block}.ffn_down.weight", hidden, inner);
        }

        yield return ("output_norm.weight", 1, hidden);
        yield return ("output.weight", shape.VocabularySize, hidden);
    }

    // A nibble less 8 has a deviation of 4.6, a scale of ±0.004 makes that 0.02.
    private static void WriteData(BinaryWriter writer, long rows, long columns)
    {
        if (rows == 1)
        {
            for (var column = 0L; column < columns; column++)
            {
                writer.Write(1f);
            }

            return;
        }

        var random = new Random((int)((rows * 31) + columns));
        var row = new byte[columns / BlockElements * BlockBytes];
        for (var index = 0L; index < rows; index++)
        {
            random.NextBytes(row);
            for (var block = 0; block < row.Length; block += BlockBytes)
            {
                BitConverter.TryWriteBytes(row.AsSpan(block), (Half)0.004);
            }

            writer.Write(row);
        }
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.Write(Text);
                WriteText(writer, text);
                break;
            case uint number:
                writer.Write(Unsigned);
                writer.Write(number);
                break;
            default:
                writer.Write(Float);
                writer.Write((float)value);
                break;
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static long Bytes(long rows, long columns) => rows == 1 ? columns * sizeof(float) : rows * columns / BlockElements * BlockBytes;

    private static long Aligned(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private static void Pad(BinaryWriter writer) => writer.Write(new byte[Aligned(writer.BaseStream.Position) - writer.BaseStream.Position]);
}
