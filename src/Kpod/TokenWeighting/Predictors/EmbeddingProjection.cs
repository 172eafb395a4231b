using Kpod.LanguageModels.Checkpoints;
using TorchSharp;

namespace Kpod.TokenWeighting.Predictors;

/// <summary>
/// The linear map P from the student's input embedding to the predictor's, where the two differ. The paper is silent on it; it starts as the ridge least
/// squares fit over the pieces that both vocabularies have (methods.md (g)6).
/// </summary>
internal static class EmbeddingProjection
{
    private const int FewestSharedPieces = 32;

    // Ridge, as a share of the mean square of the student's embedding dimensions.
    private const double Ridge = 1e-3;

    /// <summary>Fits the map.</summary>
    /// <param name="student">The student.</param>
    /// <param name="predictor">The predictor.</param>
    /// <returns>(predictor's width, student's width), float32, trained; belongs to no dispose scope.</returns>
    /// <exception cref="KpodException">The vocabularies have too little in common.</exception>
    public static torch.Tensor Fit(Checkpoint student, Checkpoint predictor)
    {
        var pairs = SharedPieces(student, predictor);
        if (pairs.Count < FewestSharedPieces)
        {
            throw new KpodException(
                $"The vocabularies of {student.Path} and {predictor.Path} share {pairs.Count} pieces; mapping one embedding to the other needs at least {FewestSharedPieces}. " +
                "Take another tokenWeights.predictorCheckpoint, or set tokenWeights.predictor to student.");
        }

        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var from = Rows(student, [.. pairs.Select(pair => pair.Student)]); // (pieces, student's width)
        var to = Rows(predictor, [.. pairs.Select(pair => pair.Predictor)]); // (pieces, predictor's width)
        var gram = torch.mm(from.t(), from);
        var ridge = gram.diagonal().mean() * Ridge;
        var solution = torch.linalg.solve(gram + (ridge * torch.eye(gram.shape[0], dtype: gram.dtype, device: gram.device)), torch.mm(from.t(), to));
        return solution.t().to(torch.ScalarType.Float32).contiguous().to(predictor.Model.Device).DetachFromDisposeScope().requires_grad_(true);
    }

    private static List<(long Student, long Predictor)> SharedPieces(Checkpoint student, Checkpoint predictor)
    {
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var id = 0; id < predictor.Tokenizer.VocabularySize; id++)
        {
            known.TryAdd(Spelling(predictor, id), id);
        }

        var pairs = new List<(long, long)>();
        for (var id = 0; id < student.Tokenizer.VocabularySize; id++)
        {
            if (known.TryGetValue(Spelling(student, id), out var other))
            {
                pairs.Add((id, other));
            }
        }

        return pairs;
    }

    // Byte-level BPE writes a leading space as Ġ, SentencePiece as ▁.
    private static string Spelling(Checkpoint checkpoint, int id) => checkpoint.Tokenizer.Piece(id).Replace('Ġ', '▁');

    private static torch.Tensor Rows(Checkpoint checkpoint, long[] ids) =>
        checkpoint.Model.InputEmbedding.index_select(0, torch.tensor(ids, device: checkpoint.Model.Device)).to(torch.ScalarType.Float64).cpu();
}
