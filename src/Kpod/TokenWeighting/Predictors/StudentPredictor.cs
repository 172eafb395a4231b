using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.Native;
using Kpod.LanguageModels.Training;
using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Generator;
using Kpod.TokenWeighting.Masks;
using Kpod.TokenWeighting.Options;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.TokenWeighting.Predictors;

/// <summary>
/// The pretrained causal student as its own answer predictor, with a LoRA adapter that goes when this is disposed of (methods.md (g)7). It reads all
/// prefixes of a rationale in one pass (<see cref="BranchedSequences"/>).
/// </summary>
internal sealed class StudentPredictor : IAnswerPredictor
{
    private readonly LlamaModel _student;
    private readonly LoraAdapter _adapter;

    /// <summary>Puts an adapter on the student.</summary>
    /// <param name="student">The student with its tokenizer; it must carry no adapter.</param>
    /// <param name="rank">Rank of the adapter.</param>
    /// <param name="seed">Decides the adapter's first factor.</param>
    public StudentPredictor(Checkpoint student, int rank, long seed)
    {
        _student = (LlamaModel)student.Model;
        _adapter = LoraAdapter.Attach(_student, new LoraOptions { Rank = rank }, seed);
        Placeholder = PlaceholderVector.FromToken(_student, student.Tokenizer.UnknownId ?? student.Tokenizer.EndId);
    }

    /// <inheritdoc/>
    public AnswerPredictorKind Kind => AnswerPredictorKind.Student;

    /// <inheritdoc/>
    public IReadOnlyList<NamedParameter> TransformerParameters => _adapter.Parameters;

    /// <inheritdoc/>
    public IReadOnlyList<NamedParameter> InputParameters => [new("placeholder", Placeholder)];

    /// <inheritdoc/>
    public torch.Tensor Placeholder { get; }

    /// <inheritdoc/>
    public SelfAttention CopyFirstAttention() => FirstAttention.Of(_student);

    /// <inheritdoc/>
    public torch.Tensor Embed(IReadOnlyList<EncodedRationale> rationales)
    {
        using var scope = torch.NewDisposeScope();
        return _student.Embed(RationaleBatch.Ids(rationales, _student.Device)).to(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public torch.Tensor NegativeLogLikelihoods(IReadOnlyList<EncodedRationale> rationales, torch.Tensor masked, IReadOnlyList<int[]> prefixes)
    {
        using var scope = torch.NewDisposeScope();
        var layout = new BranchedSequences(rationales, prefixes);
        var (rows, length, device) = (rationales.Count, layout.Length, _student.Device);
        var own = _student.Embed(torch.tensor(layout.Ids, device: device).view(rows, length)).view(rows * length, -1);
        var pool = torch.cat([own, masked.to(own.dtype).view(-1, own.shape[1])], 0);
        var embeddings = AtenOperator.Rows(pool, torch.tensor(layout.Sources, device: device).view(rows, length));
        var mask = torch.tensor(layout.Mask, device: device).to(own.dtype).view(rows, 1, length, length);
        var states = _student.Forward(embeddings, torch.tensor(layout.Positions, device: device).view(rows, length), mask);
        var predicting = states.view(rows * length, -1).index_select(0, torch.tensor(layout.PredictingRows.ToArray(), device: device));
        var targets = torch.tensor(layout.Targets.ToArray(), device: device);
        var losses = functional.cross_entropy(_student.Logits(predicting), targets, reduction: torch.nn.Reduction.None);

        // On the processor, where the losses of a branch are added up in the same order every time.
        return torch.zeros(layout.Branches)
            .index_add(0, torch.tensor(layout.TargetBranches.ToArray()), losses.cpu(), alpha: 1)
            .to(device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adapter.Detach();
        Placeholder.Dispose();
    }
}
