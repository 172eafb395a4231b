using System.Text;

namespace Kpod.Tokenizers.Tests;

/// <summary>Writes a small SentencePiece model, so that no file of others is needed.</summary>
internal sealed class SmallSentencePieceModel
{
    private readonly List<byte> _pieces = [];
    private readonly List<byte> _trainer = [];
    private readonly List<byte> _normalizer = [];

    public static byte[] Unigram() => new SmallSentencePieceModel()
        .Piece("<pad>", 0, 3).Piece("</s>", 0, 3).Piece("<unk>", 0, 2).Piece("▁", -2).Piece("▁a", -3).Piece("▁an", -4).Piece("apple", -5).Piece("s", -4)
        .Piece("n", -5).Piece("<sep>", 0, 4).Piece("e", -6).Piece("é", -7).Piece("gone", -1, 5).ToBytes();

    public static byte[] Bpe(bool byteFallback = true)
    {
        var model = new SmallSentencePieceModel().Piece("<unk>", 0, 2).Piece("<s>", 0, 3).Piece("</s>", 0, 3);
        for (var value = 0; value < 256 && byteFallback; value++)
        {
            model.Piece($"<0x{value:X2}>", 0, 6);
        }

        model.Piece("▁a", -1).Piece("an", -2).Piece("▁an", -3).Piece("bc", -3).Piece("abc", -3).Piece("▁", -10).Piece("a", -11).Piece("b", -12).Piece("n", -13).Piece("<sep>", 0, 4);
        return model.Trainer(3, 2).Trainer(35, byteFallback ? 1 : 0).Normalizer(4, 0).ToBytes();
    }

    public SmallSentencePieceModel Piece(string piece, float score, int type = 1)
    {
        var message = new List<byte>();
        Bytes(message, 1, Encoding.UTF8.GetBytes(piece));
        message.Add((2 << 3) | 5);
        message.AddRange(BitConverter.GetBytes(score));
        Number(message, 3, type);
        Bytes(_pieces, 1, [.. message]);
        return this;
    }

    public SmallSentencePieceModel Trainer(int field, int value)
    {
        Number(_trainer, field, value);
        return this;
    }

    public SmallSentencePieceModel Normalizer(int field, int value)
    {
        Number(_normalizer, field, value);
        return this;
    }

    public SmallSentencePieceModel Normalizer(int field, byte[] value)
    {
        Bytes(_normalizer, field, value);
        return this;
    }

    public byte[] ToBytes()
    {
        var model = _pieces.ToList();
        Bytes(model, 2, [.. _trainer]);
        Bytes(model, 3, [.. _normalizer]);
        return [.. model];
    }

    private static void Bytes(List<byte> message, int field, byte[] value)
    {
        Varint(message, (ulong)((field << 3) | 2));
        Varint(message, (ulong)value.Length);
        message.AddRange(value);
    }

    private static void Number(List<byte> message, int field, int value)
    {
        Varint(message, (ulong)(field << 3));
        Varint(message, (ulong)value);
    }

    private static void Varint(List<byte> message, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            message.Add((byte)(value | 0x80));
        }

        message.Add((byte)value);
    }
}
