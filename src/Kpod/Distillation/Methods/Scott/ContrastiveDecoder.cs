using Kpod.LanguageModels;
using TorchSharp;

namespace Kpod.Distillation.Methods.Scott;

/// <summary>
/// SCOTT's teacher (Wang et al., 2023): a rationale that fits the given answer better than another one. Two streams of one open model read their own prompts, at their own positions, and write the same tokens.
/// </summary>
internal static class ContrastiveDecoder
{
    /// <summary>Writes a rationale for each prompt, all in one batch.</summary>
    /// <param name="model">The teacher.</param>
    /// <param name="prompts">The prompts, at least one.</param>
    /// <param name="options">Contrast, temperature, ends.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>One text a prompt, in order.</returns>
    public static IReadOnlyList<ContrastiveText> Decode(ILanguageModel model, IReadOnlyList<ContrastivePrompt> prompts, ContrastiveOptions options, CancellationToken cancel)
    {
        using var noGradient = torch.no_grad();
        using var decoding = model.StartDecoding([.. prompts.Select(prompt => prompt.Given), .. prompts.Select(prompt => prompt.Contrast)]);
        var steps = prompts.Select(_ => new List<ContrastiveStep>()).ToArray();
        var ends = new ContrastiveEnd[prompts.Count];
        int[] open = [.. Enumerable.Range(0, prompts.Count)];
        for (var written = 0; written < options.MaximumNewTokens && open.Length > 0; written++)
        {
            cancel.ThrowIfCancellationRequested();
            var next = Next(decoding.NextLogits, options);
            var goesOn = new List<int>();
            foreach (var (step, place) in next.Select((step, place) => (step, place)))
            {
                steps[open[place]].Add(step);
                ends[open[place]] = step.End(options.StopIds) ?? ContrastiveEnd.Length;
                if (ends[open[place]] == ContrastiveEnd.Length)
                {
                    goesOn.Add(place);
                }
            }

            if (goesOn.Count > 0 && written + 1 < options.MaximumNewTokens)
            {
                Advance(decoding, next, goesOn);
            }

            open = [.. goesOn.Select(place => open[place])];
        }

        return [.. steps.Select((all, prompt) => new ContrastiveText([.. all.Take(ends[prompt] == ContrastiveEnd.Length ? all.Count : all.Count - 1).Select(step => step.Contrastive)], ends[prompt], all))];
    }

    private static IReadOnlyList<ContrastiveStep> Next(torch.Tensor logits, ContrastiveOptions options)
    {
        using var scope = torch.NewDisposeScope();
        var half = logits.shape[0] / 2;
        return ContrastiveScore.Of(logits.narrow(0, 0, half), logits.narrow(0, half, half), options.Lambda, options.Temperature).Steps();
    }

    private static void Advance(LanguageModels.Decoding.IDecoding decoding, IReadOnlyList<ContrastiveStep> steps, List<int> goesOn)
    {
        if (goesOn.Count < steps.Count)
        {
            decoding.Keep([.. goesOn, .. goesOn.Select(place => steps.Count + place)]);
        }

        int[] tokens = [.. goesOn.Select(place => steps[place].Contrastive)];
        decoding.Append([.. tokens, .. tokens]);
    }
}
