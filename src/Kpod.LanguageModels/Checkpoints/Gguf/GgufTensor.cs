using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Quantisation;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>One tensor of a GGUF file.</summary>
/// <param name="Name">Its name in the file, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Type">How its elements are stored.</param>
/// <param name="Shape">Its dimensions, outermost first (the file has them the other way round).</param>
/// <param name="File">The part of a split file that holds it.</param>
/// <param name="Offset">First byte in that file.</param>
/// <param name="Bytes">Bytes that it takes.</param>
internal sealed record GgufTensor(string Name, GgufType Type, IReadOnlyList<long> Shape, BinaryFile File, long Offset, long Bytes);
