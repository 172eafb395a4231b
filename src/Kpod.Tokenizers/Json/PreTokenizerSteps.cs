using Kpod.Tokenizers.PreTokenizers;

namespace Kpod.Tokenizers.Json;

/// <summary>What the key <c>pre_tokenizer</c> says.</summary>
/// <param name="Steps">What cuts the text, in order.</param>
/// <param name="IsByteLevel">Whether the model then works on bytes.</param>
internal sealed record PreTokenizerSteps(IReadOnlyList<IPreTokenizer> Steps, bool IsByteLevel);
