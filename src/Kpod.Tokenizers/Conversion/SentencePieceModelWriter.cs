using System.Buffers.Binary;
using System.Text;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Conversion;

/// <summary>Writes SentencePiece's <c>.model</c>, a protobuf message (<c>sentencepiece_model.proto</c>): what <see cref="SentencePieceModelFile"/> reads.</summary>
internal static class SentencePieceModelWriter
{
    private const int WireVarint = 0;
    private const int WireBytes = 2;
    private const int WireFixed32 = 5;

    /// <summary>Writes a BPE model of LLaMA's kind: identity normalizer, spaces written as ▁.</summary>
    /// <param name="pieces">The pieces by id.</param>
    /// <param name="tokenizer">Says which of them begin, end and pad.</param>
    /// <param name="addsDummyPrefix">Whether a space is put in front of each text.</param>
    /// <returns>The file's content.</returns>
    public static byte[] WriteBpe(IReadOnlyList<SentencePieceEntry> pieces, Tokenizer tokenizer, bool addsDummyPrefix)
    {
        using var model = new MemoryStream();
        foreach (var entry in pieces)
        {
            PutMessage(model, 1, piece =>
            {
                PutBytes(piece, 1, Encoding.UTF8.GetBytes(entry.Piece));
                PutFloat(piece, 2, entry.Score);
                PutInteger(piece, 3, (int)entry.Type);
            });
        }

        PutMessage(model, 2, trainer =>
        {
            PutInteger(trainer, 3, (int)SentencePieceAlgorithm.Bpe);
            PutInteger(trainer, 4, pieces.Count);
            PutInteger(trainer, 35, pieces.Count(entry => entry.Type == PieceType.Byte) > byte.MaxValue ? 1 : 0);
            PutInteger(trainer, 40, tokenizer.UnknownId ?? 0);
            PutInteger(trainer, 41, tokenizer.BeginId ?? -1);
            PutInteger(trainer, 42, tokenizer.EndId ?? -1);
            PutInteger(trainer, 43, tokenizer.PadId ?? -1);
            PutName(trainer, 46, tokenizer.BeginId, tokenizer);
            PutName(trainer, 47, tokenizer.EndId, tokenizer);
            PutName(trainer, 48, tokenizer.PadId, tokenizer);
        });
        PutMessage(model, 3, normalizer =>
        {
            PutBytes(normalizer, 1, "identity"u8);
            PutInteger(normalizer, 3, addsDummyPrefix ? 1 : 0);
            PutInteger(normalizer, 4, 0);
            PutInteger(normalizer, 5, 1);
        });
        return model.ToArray();
    }

    private static void PutName(MemoryStream stream, int field, int? id, Tokenizer tokenizer)
    {
        if (id is { } known)
        {
            PutBytes(stream, field, Encoding.UTF8.GetBytes(tokenizer.Piece(known)));
        }
    }

    private static void PutMessage(MemoryStream stream, int field, Action<MemoryStream> fill)
    {
        using var inner = new MemoryStream();
        fill(inner);
        PutBytes(stream, field, inner.GetBuffer().AsSpan(0, (int)inner.Length));
    }

    private static void PutBytes(MemoryStream stream, int field, ReadOnlySpan<byte> bytes)
    {
        PutVarint(stream, (ulong)((field << 3) | WireBytes));
        PutVarint(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void PutFloat(MemoryStream stream, int field, float value)
    {
        PutVarint(stream, (ulong)((field << 3) | WireFixed32));
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        stream.Write(bytes);
    }

    // A negative number takes ten bytes, as protobuf has it.
    private static void PutInteger(MemoryStream stream, int field, int value)
    {
        PutVarint(stream, (ulong)((field << 3) | WireVarint));
        PutVarint(stream, (ulong)(long)value);
    }

    private static void PutVarint(MemoryStream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }
}
