using System.Globalization;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using Kpod.RationaleGeneration.Rationales;
using Kpod.StepDifficulty;
using Kpod.Tokenizers.Tokens;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.References;

/// <summary>Holds the quantities of the method against a <c>kpod.json</c>: token losses, step difficulties (Eq. 8), losses by number of given steps (Eq. 15).</summary>
internal sealed class DistillationReference
{
    private readonly ReportBuilder _report;
    private readonly ILanguageModel _model;
    private readonly string _file;
    private readonly Dictionary<string, (List<double> Recorded, List<double> Computed)> _quantities = [];

    private DistillationReference(ReportBuilder report, ILanguageModel model, string file)
    {
        _report = report;
        _model = model;
        _file = file;
    }

    /// <summary>Checks a file.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="path">The file.</param>
    /// <param name="file">How the report calls it.</param>
    /// <param name="model">The model; without an adapter.</param>
    public static void Check(ReportBuilder report, string path, string file, ILanguageModel model)
    {
        var reference = new DistillationReference(report, model, file);
        var examples = RecordedValue.Read(path)["examples"].Items();
        var rationales = examples.Select((example, index) => Encode(example, index, model)).ToArray();
        if (rationales.Length == 0)
        {
            throw new KpodException($"{path}: holds no example.");
        }

        // In one padded batch, as a run would score them; alone is covered by the losses below.
        var losses = RationaleLikelihood.NegativeLogLikelihoods(model, rationales, rationales.Length, progress: null, CancellationToken.None);
        foreach (var (example, index) in examples.Select((example, index) => (example, index)))
        {
            reference.CheckExample(example, rationales[index], losses[index]);
        }

        foreach (var (name, (recorded, computed)) in reference._quantities)
        {
            report.Compare(file, name, recorded, computed);
        }
    }

    private void CheckExample(RecordedValue example, EncodedRationale rationale, double[] losses)
    {
        var expected = example["expected"];
        var (weights, steps) = (Weights(example, rationale), Steps(example, rationale));
        Add(expected, "rationale_nll", losses);
        Add(expected, "step_difficulty", [.. steps.Select(step => StepDifficultyFormula.Weighted(losses.AsSpan(step), weights.AsSpan(step)))]);
        Add(expected, "step_difficulty_uniform", [.. steps.Select(step => StepDifficultyFormula.Uniform(losses.AsSpan(step)))]);
        var item = new DistillationItem(rationale, weights, [.. steps.Select(step => step.End.Value)], 0);
        if (expected.Has("answer_nll"))
        {
            Add(expected, "answer_nll", TokenLosses(DistillationExample.Make(item, weights, item.StepEnds.Count))[^rationale.AnswerIds.Length..]);
        }

        if (expected.Has("by_given_steps"))
        {
            foreach (var recorded in expected["by_given_steps"].Items())
            {
                CheckGivenSteps(recorded, item);
            }
        }

        foreach (var key in expected.Element.EnumerateObject().Select(property => property.Name).Where(key => key != "by_given_steps" && !_quantities.ContainsKey(key)))
        {
            _report.NotChecked(_file, key, "no such quantity is known here");
        }
    }

    private void CheckGivenSteps(RecordedValue recorded, DistillationItem item)
    {
        var given = recorded["c"].Integer();
        if (given < 0 || given > item.StepEnds.Count)
        {
            throw recorded["c"].Wrong(FormattableString.Invariant($"is {given}; the rationale has {item.StepEnds.Count} steps"));
        }

        var example = DistillationExample.Make(item, item.TokenWeights, given);
        var plain = DistillationExample.Make(item, [.. item.TokenWeights.Select(_ => 1.0)], given);
        var losses = TokenLosses(example);
        var rationaleTokens = losses.Length - item.Rationale.AnswerIds.Length;
        Scalar(recorded, "weighted_rationale_loss", Enumerable.Range(0, rationaleTokens).Sum(token => example.Weights[token] * losses[token]));
        Scalar(recorded, "unweighted_rationale_loss", losses[..rationaleTokens].Sum());
        Scalar(recorded, "answer_nll_sum", losses[rationaleTokens..].Sum());
        Scalar(recorded, "supervised_tokens", example.Weights.Length);

        // The same through the loss that training uses.
        Loss("weighted_rationale_loss", "Eq. 15 loss", example);
        Loss("unweighted_rationale_loss", "plain loss of the same tokens", plain);

        void Loss(string key, string name, DistillationExample example)
        {
            if (recorded.Has(key) && recorded.Has("answer_nll_sum"))
            {
                using var scope = torch.NewDisposeScope();
                using var noGradient = torch.no_grad();
                var loss = DistillationLoss.Of(_model, [example]).Sum.to(torch.ScalarType.Float64).cpu().item<double>();
                Record($"by_given_steps: {name}", [recorded[key].Number() + recorded["answer_nll_sum"].Number()], [loss]);
            }
        }
    }

    private double[] TokenLosses(DistillationExample example)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var batch = new TeacherForcedBatch([example.PromptIds], [example.ResponseIds], [example.Supervised]);
        return TokenLoss.NegativeLogLikelihoods(_model, batch).to(torch.ScalarType.Float64).cpu().data<double>().ToArray();
    }

    private void Scalar(RecordedValue recorded, string key, double computed)
    {
        if (recorded.Has(key))
        {
            Record($"by_given_steps: {key}", [recorded[key].Number()], [computed]);
        }
    }

    private void Add(RecordedValue expected, string key, double[] computed)
    {
        if (!expected.Has(key))
        {
            return;
        }

        var recorded = expected[key].Numbers();
        if (recorded.Length != computed.Length)
        {
            throw expected[key].Wrong(string.Create(CultureInfo.InvariantCulture, $"has {recorded.Length} numbers; the example has {computed.Length} of these"));
        }

        Record(key, recorded, computed);
    }

    private void Record(string name, double[] recorded, double[] computed)
    {
        if (!_quantities.TryGetValue(name, out var lists))
        {
            _quantities[name] = lists = ([], []);
        }

        lists.Recorded.AddRange(recorded);
        lists.Computed.AddRange(computed);
    }

    // A recording has ids alone; the text stands for them, one sign a token.
    private static EncodedRationale Encode(RecordedValue example, int index, ILanguageModel model)
    {
        var rationale = Ids(example["rationale_ids"]);
        var prompt = Ids(example["prompt_ids"]);
        return prompt.Length == 0 || rationale.Length == 0 ? throw example.Wrong("needs at least one token in prompt_ids and in rationale_ids") : new EncodedRationale
        {
            QuestionId = $"examples[{index}]",
            Sample = 0,
            QuestionText = string.Empty,
            Text = new string('x', rationale.Length),
            PromptIds = prompt,
            RationaleTokens = [.. rationale.Select((id, place) => new Token(id, place, place + 1))],
            AnswerIds = Ids(example["answer_ids"]),
            AnswerValueStart = 0,
            AnswerValueEnd = 0,
        };

        int[] Ids(RecordedValue list) => [.. list.Items().Select(item => item.Integer() is var id && id >= 0 && id < model.VocabularySize ? id
            : throw item.Wrong(FormattableString.Invariant($"is {id}; it must be a token id from 0 to {model.VocabularySize - 1}")))];
    }

    private static double[] Weights(RecordedValue example, EncodedRationale rationale)
    {
        var weights = example["token_weights"].Numbers();
        return weights.Length == rationale.RationaleTokens.Length ? weights
            : throw example["token_weights"].Wrong(FormattableString.Invariant($"has {weights.Length} weights; there are {rationale.RationaleTokens.Length} rationale tokens"));
    }

    private static Range[] Steps(RecordedValue example, EncodedRationale rationale)
    {
        var steps = new List<Range>();
        foreach (var step in example["steps"].Items())
        {
            if (step.Integers() is not [var start, var end] || start < (steps.Count == 0 ? 0 : steps[^1].End.Value) || end <= start || end > rationale.RationaleTokens.Length)
            {
                throw step.Wrong("is no interval [start, end) of rationale tokens behind the step before it");
            }

            steps.Add(start..end);
        }

        return [.. steps];
    }
}
