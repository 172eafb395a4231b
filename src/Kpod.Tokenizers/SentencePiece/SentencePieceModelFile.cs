using Kpod.Files;
using Kpod.Tokenizers.PieceModels;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>Reads SentencePiece's <c>.model</c>, a protobuf message (<c>sentencepiece_model.proto</c>).</summary>
internal static class SentencePieceModelFile
{
    private const long LargestFile = 256L << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its content, checked.</returns>
    /// <exception cref="KpodException">It cannot be read, is damaged or states what is not implemented.</exception>
    public static SentencePieceModel Read(string path) => Parse(UserFile.ReadAllBytes(path, LargestFile), path);

    /// <summary>Reads the content of a file.</summary>
    /// <param name="bytes">The content.</param>
    /// <param name="path">The file, for errors.</param>
    /// <returns>The model, checked.</returns>
    /// <exception cref="KpodException">It is damaged or states what is not implemented.</exception>
    public static SentencePieceModel Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var pieces = new List<SentencePieceEntry>();
        var model = new SentencePieceModel { Pieces = pieces };
        var reader = new WireReader(bytes, 0, path);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    pieces.Add(ReadPiece(reader.ReadMessage()));
                    break;
                case 2:
                    model = ReadTrainer(reader.ReadMessage(), model);
                    break;
                case 3:
                    model = ReadNormalizer(reader.ReadMessage(), model);
                    break;
                case 5 when ReadNormalizer(reader.ReadMessage(), model with { CharacterMap = [] }).CharacterMap.Length > 0:
                    throw new KpodException($"{path}: states a character map for decoding (denormalizer_spec), which is not implemented.");
                case not 5:
                    reader.Skip();
                    break;
            }
        }

        if (pieces.Count is 0 or > Vocabulary.IdLimit)
        {
            throw new KpodException($"{path}: is no SentencePiece model or is damaged: it has {pieces.Count} pieces.");
        }

        var faults = model.Check().ToList();
        if (model.Algorithm == SentencePieceAlgorithm.Bpe && pieces.Exists(entry => entry.Type == PieceType.Unused))
        {
            faults.Add("a BPE model with unused pieces, which are taken apart again after merging, is not implemented");
        }

        return faults.Count == 0 ? model : throw KpodException.FromFaults(path, faults);
    }

    private static SentencePieceEntry ReadPiece(WireReader reader)
    {
        var entry = new SentencePieceEntry(string.Empty, 0, PieceType.Normal);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    entry = entry with { Piece = reader.ReadText() };
                    break;
                case 2:
                    entry = entry with { Score = reader.ReadFloat() };
                    break;
                case 3:
                    entry = entry with { Type = (PieceType)reader.ReadInteger() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return entry;
    }

    private static SentencePieceModel ReadTrainer(WireReader reader, SentencePieceModel model)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    model = model with { Algorithm = (SentencePieceAlgorithm)reader.ReadInteger() };
                    break;
                case 24:
                    model = model with { SpaceIsSuffix = reader.ReadInteger() != 0 };
                    break;
                case 35:
                    model = model with { ByteFallback = reader.ReadInteger() != 0 };
                    break;
                case 44:
                    model = model with { UnknownSurface = reader.ReadText() };
                    break;
                case 46:
                    model = model with { BeginPiece = reader.ReadText() };
                    break;
                case 47:
                    model = model with { EndPiece = reader.ReadText() };
                    break;
                case 48:
                    model = model with { PadPiece = reader.ReadText() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return model;
    }

    private static SentencePieceModel ReadNormalizer(WireReader reader, SentencePieceModel model)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    model = model with { CharacterMap = reader.ReadBytes().ToArray() };
                    break;
                case 3:
                    model = model with { AddsDummyPrefix = reader.ReadInteger() != 0 };
                    break;
                case 4:
                    model = model with { RemovesExtraSpaces = reader.ReadInteger() != 0 };
                    break;
                case 5:
                    model = model with { EscapesSpaces = reader.ReadInteger() != 0 };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return model;
    }
}
