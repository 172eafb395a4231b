using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.Distillation.Methods.Scott;

/// <summary>Contrastive decoding's score of every next token: log softmax(given / temperature) - lambda · log softmax(contrast).</summary>
/// <param name="Given">Log-probabilities after the prompt with the answer to justify, (rows, vocabulary).</param>
/// <param name="Contrast">Log-probabilities after the prompt with the other answer.</param>
/// <param name="Score">The score.</param>
/// <param name="Temperature">Of the given stream.</param>
internal sealed record ContrastiveScore(torch.Tensor Given, torch.Tensor Contrast, torch.Tensor Score, double Temperature)
{
    /// <summary>Scores the tokens.</summary>
    /// <param name="givenLogits">(rows, vocabulary).</param>
    /// <param name="contrastLogits">As <paramref name="givenLogits"/>.</param>
    /// <param name="lambda">Weight of the contrast; 0 is greedy decoding.</param>
    /// <param name="temperature">Of the given stream alone.</param>
    /// <returns>The scores.</returns>
    public static ContrastiveScore Of(torch.Tensor givenLogits, torch.Tensor contrastLogits, double lambda, double temperature)
    {
        using var scope = torch.NewDisposeScope();
        var given = functional.log_softmax(givenLogits.div(temperature), -1);
        var contrast = functional.log_softmax(contrastLogits, -1);
        var score = given.sub(contrast.mul(lambda));
        return new ContrastiveScore(given.MoveToOuterDisposeScope(), contrast.MoveToOuterDisposeScope(), score.MoveToOuterDisposeScope(), temperature);
    }

    /// <summary>The step that each row takes.</summary>
    /// <returns>One step a row.</returns>
    public IReadOnlyList<ContrastiveStep> Steps()
    {
        using var scope = torch.NewDisposeScope();
        var (plain, contrastive) = (Best(Given), Best(Score));
        var chosen = contrastive.Index.unsqueeze(1);
        var (given, contrast, score) = (Numbers(Given.gather(1, chosen)), Numbers(Contrast.gather(1, chosen)), Numbers(Score.gather(1, chosen)));
        var (plainIds, ids) = (plain.Index.cpu().data<long>().ToArray(), contrastive.Index.cpu().data<long>().ToArray());
        var (plainLead, lead) = (Numbers(plain.Lead), Numbers(contrastive.Lead));
        return [.. ids.Select((id, row) => new ContrastiveStep((int)plainIds[row], (int)id, given[row], contrast[row], score[row], lead[row], plainLead[row] * Temperature))];
    }

    private static (torch.Tensor Index, torch.Tensor Lead) Best(torch.Tensor scores)
    {
        var (values, indices) = scores.topk((int)Math.Min(2, scores.shape[1]));
        return (indices.select(1, 0), values.select(1, 0).sub(values.select(1, values.shape[1] - 1)));
    }

    private static double[] Numbers(torch.Tensor tensor) => tensor.to(torch.ScalarType.Float64).cpu().reshape(-1).data<double>().ToArray();
}
