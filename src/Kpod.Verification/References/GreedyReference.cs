using Kpod.LanguageModels;
using Kpod.LanguageModels.Inference;
using Kpod.Tokenizers;
using Kpod.Tokenizers.Tokens;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;

namespace Kpod.Verification.References;

/// <summary>Holds greedy generations against recorded ones, batched as they were recorded and each prompt alone.</summary>
internal static class GreedyReference
{
    private const string NewIds = "greedy_new_ids";

    /// <summary>Checks the generations of a file, if it records any.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="numbers">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="endIds">Ids that end a generation.</param>
    public static void Check(ReportBuilder report, ReferenceNumbers numbers, ILanguageModel model, IReadOnlyList<int> endIds)
    {
        if (!numbers.Has(NewIds))
        {
            return;
        }

        var prompts = ReferenceBatch.Tokens(numbers, "greedy_prompt_ids", "greedy_prompt_mask", model.VocabularySize - 1);
        var rows = numbers.Rows(NewIds, 0, model.VocabularySize - 1);
        if (rows.Length != prompts.Length)
        {
            throw numbers.Wrong(NewIds, $"has {rows.Length} rows, but there are {prompts.Length} prompts");
        }

        // What stands behind an end token is padding.
        string[] recorded = [.. rows.Select(row => Text(Array.FindIndex(row, id => endIds.Contains((int)id)) is var end and >= 0 ? row[..(end + 1)] : row))];
        var generator = new TextGenerator(model, new IdsOnly(model.VocabularySize), endIds);
        foreach (var (name, batchSize) in new[] { (NewIds, prompts.Length), ($"{NewIds} (each alone)", 1) })
        {
            var texts = generator.Generate(prompts, new GenerationOptions { MaximumNewTokens = rows[0].Length, BatchSize = batchSize });
            report.CompareExactly(numbers.Name, name, recorded, [.. texts.Select(text => Text(Array.ConvertAll(text.Ids, id => (long)id)))], row => $"row {row}");
        }
    }

    private static string Text(long[] ids) => string.Join(' ', ids);

    /// <summary>A recorded batch has ids alone, and so have the generations that are compared with it.</summary>
    private sealed class IdsOnly(int vocabularySize) : ITokenizer
    {
        public int VocabularySize => vocabularySize;

        public int? BeginId => null;

        public int? EndId => null;

        public int? PadId => null;

        public int? UnknownId => null;

        public bool AddsBegin => false;

        public IReadOnlyList<Token> Encode(string text, bool recogniseSpecialTokens = false) => throw new NotSupportedException("There are no texts here, only ids.");

        public string Decode(IReadOnlyList<int> ids) => string.Empty;

        public string Piece(int id) => string.Empty;
    }
}
