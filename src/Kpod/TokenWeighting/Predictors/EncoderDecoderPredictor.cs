using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Native;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Training;
using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Generator;
using Kpod.TokenWeighting.Masks;
using Kpod.TokenWeighting.Options;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.TokenWeighting.Predictors;

/// <summary>
/// The paper's answer predictor: a pretrained T5 (FlanT5-Large) whose encoder reads <c>question | masked prefix | end token</c> as input embeddings and whose
/// decoder writes <c>y | end token</c>. The encoder's input is the student's embedding in the student's tokens, projected where it differs from the
/// predictor's; the decoder keeps the predictor's own tokens, embedding and output layer. A LoRA adapter is trained, and goes when this is disposed of; or, as in
/// the paper, every weight of a predictor that is no other's.
/// </summary>
internal sealed class EncoderDecoderPredictor : IAnswerPredictor
{
    private const string FirstSentinel = "<extra_id_0>";

    private readonly Checkpoint _student;
    private readonly Checkpoint _predictor;
    private readonly T5Model _model;
    private readonly LoraAdapter? _adapter;
    private readonly IReadOnlyList<NamedParameter> _weights;
    private readonly torch.Tensor? _projection;

    /// <summary>Puts an adapter on the predictor and fits the projection where one is needed.</summary>
    /// <param name="student">The student, whose tokens are weighed.</param>
    /// <param name="predictor">A T5 checkpoint; may be the student itself.</param>
    /// <param name="rank">Rank of the adapter; null to train every weight of the predictor, which must then be float32 and not the student.</param>
    /// <param name="seed">Decides the adapter's first factor.</param>
    /// <exception cref="KpodException">The predictor has no end token, or its vocabulary shares too little with the student's.</exception>
    public EncoderDecoderPredictor(Checkpoint student, Checkpoint predictor, int? rank, long seed)
    {
        _student = student;
        _predictor = predictor;
        _model = (T5Model)predictor.Model;
        if (predictor.Tokenizer.EndId is null)
        {
            throw new KpodException($"{predictor.Path}: its vocabulary names no end token, which an encoder-decoder needs to predict answers.");
        }

        _projection = HasSameEmbedding(student.Model, predictor.Model) ? null : EmbeddingProjection.Fit(student, predictor);
        _adapter = rank is { } adapterRank ? LoraAdapter.Attach(_model, new LoraOptions { Rank = adapterRank }, seed) : null;
        _weights = _adapter is null ? Unfreeze(student, _model) : [];
        Placeholder = PlaceholderVector.FromToken(_model, FindSentinel(predictor) ?? predictor.Tokenizer.UnknownId);
    }

    /// <inheritdoc/>
    public AnswerPredictorKind Kind => AnswerPredictorKind.EncoderDecoder;

    /// <inheritdoc/>
    public IReadOnlyList<NamedParameter> TransformerParameters => _adapter?.Parameters ?? _weights;

    /// <inheritdoc/>
    public IReadOnlyList<NamedParameter> InputParameters =>
        _projection is null ? [new("placeholder", Placeholder)] : [new("placeholder", Placeholder), new("projection", _projection)];

    /// <inheritdoc/>
    public torch.Tensor Placeholder { get; }

    /// <inheritdoc/>
    public SelfAttention CopyFirstAttention() => FirstAttention.Of(_model);

    /// <inheritdoc/>
    public torch.Tensor Embed(IReadOnlyList<EncodedRationale> rationales)
    {
        using var scope = torch.NewDisposeScope();
        var ids = RationaleBatch.Ids(rationales, _student.Model.Device);
        return EmbedStudentIds(ids.view(-1)).view(ids.shape[0], ids.shape[1], -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public torch.Tensor NegativeLogLikelihoods(IReadOnlyList<EncodedRationale> rationales, torch.Tensor masked, IReadOnlyList<int[]> prefixes)
    {
        using var scope = torch.NewDisposeScope();
        var (pool, sources, isToken) = LayEncoderInput(rationales, masked, prefixes);
        var (sequences, length, device) = (sources.GetLength(0), sources.GetLength(1), _model.Device);
        var embeddings = AtenOperator.Rows(pool, torch.tensor(sources, device: device));
        var mask = torch.tensor(isToken, device: device);
        var encoded = _model.Encode(embeddings, mask);

        int[][] answers = [.. rationales.SelectMany((rationale, row) => Enumerable.Repeat(AnswerIds(rationale), prefixes[row].Length))];
        bool[][] supervised = [.. answers.Select(ids => Enumerable.Repeat(true, ids.Length).ToArray())];
        var batch = new TeacherForcedBatch([.. answers.Select(_ => Array.Empty<int>())], answers, supervised);
        var (decoderIds, rows) = EncoderDecoderLayout.Shift(batch, _model.Configuration.DecoderStartId);
        var states = _model.Decode(torch.tensor(decoderIds, device: device), encoded, mask);
        var predicting = states.view(-1, states.shape[^1]).index_select(0, torch.tensor(rows, device: device));
        var losses = functional.cross_entropy(_model.Logits(predicting), torch.tensor(batch.Targets(), device: device), reduction: torch.nn.Reduction.None);
        long[] sequenceOf = [.. answers.SelectMany((ids, sequence) => Enumerable.Repeat((long)sequence, ids.Length))];

        // On the processor, where the losses of a sequence are added up in the same order every time.
        return torch.zeros(sequences).index_add(0, torch.tensor(sequenceOf), losses.cpu(), alpha: 1).to(device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adapter?.Detach();
        _projection?.Dispose();
        Placeholder.Dispose();
    }

    // The encoder sees every prefix anew, because it looks both ways: one sequence a prefix, padded behind its end token.
    private (torch.Tensor Pool, long[,] Sources, bool[,] IsToken) LayEncoderInput(
        IReadOnlyList<EncodedRationale> rationales, torch.Tensor masked, IReadOnlyList<int[]> prefixes)
    {
        int[][] questions = [.. rationales.Select(Question)];
        var questionIds = torch.tensor(questions.SelectMany(ids => ids).Select(id => (long)id).ToArray(), device: _student.Model.Device);
        var end = _model.Embed(torch.tensor(new long[] { _predictor.Tokenizer.EndId!.Value }, device: _model.Device).view(1, 1)).view(1, -1);
        var pool = torch.cat([EmbedStudentIds(questionIds), masked.view(-1, masked.shape[^1]), end.to(torch.ScalarType.Float32)], 0);

        var sequences = prefixes.Sum(lengths => lengths.Length);
        var length = Enumerable.Range(0, rationales.Count).Max(row => questions[row].Length + prefixes[row].Max() + 1);
        var (sources, isToken) = (new long[sequences, length], new bool[sequences, length]);
        var (sequence, firstQuestion, firstRationale) = (0, 0L, (long)questions.Sum(ids => ids.Length));
        var endSource = pool.shape[0] - 1;
        for (var row = 0; row < rationales.Count; row++)
        {
            foreach (var prefix in prefixes[row])
            {
                var questionLength = questions[row].Length;
                for (var place = 0; place <= questionLength + prefix; place++)
                {
                    isToken[sequence, place] = true;
                    sources[sequence, place] = place < questionLength ? firstQuestion + place
                        : place < questionLength + prefix ? firstRationale + (row * masked.shape[1]) + place - questionLength
                        : endSource;
                }

                sequence++;
            }

            firstQuestion += questions[row].Length;
        }

        return (pool, sources, isToken);
    }

    // (tokens) -> (tokens, predictor's width), float32
    private torch.Tensor EmbedStudentIds(torch.Tensor ids)
    {
        var embedded = _student.Model.InputEmbedding.index_select(0, ids).to(torch.ScalarType.Float32).to(_model.Device);
        return _projection is null ? embedded : functional.linear(embedded, _projection);
    }

    // Begin and end tokens belong to the student's own way of reading; the predictor's end token follows the rationale.
    private int[] Question(EncodedRationale rationale)
    {
        var ids = rationale.PromptIds.AsSpan();
        ids = ids.Length > 0 && ids[0] == _student.Tokenizer.BeginId ? ids[1..] : ids;
        ids = ids.Length > 0 && ids[^1] == _student.Tokenizer.EndId ? ids[..^1] : ids;
        return ids.ToArray();
    }

    private int[] AnswerIds(EncodedRationale rationale)
    {
        var value = rationale.AnswerIds[rationale.AnswerValueStart..rationale.AnswerValueEnd];
        var end = _predictor.Tokenizer.EndId!.Value;
        return ReferenceEquals(_student.Model, _predictor.Model)
            ? [.. value, end]
            : [.. _predictor.Tokenizer.Encode(_student.Tokenizer.Decode(value).Trim()).Select(token => token.Id), end];
    }

    private static IReadOnlyList<NamedParameter> Unfreeze(Checkpoint student, T5Model predictor)
    {
        if (ReferenceEquals(student.Model, predictor))
        {
            throw new ArgumentException("Training every weight of the student for the predictor would leave another student behind.", nameof(predictor));
        }

        return [.. predictor.Weights.Select(weight => new NamedParameter(weight.Key, weight.Value.requires_grad_(true)))];
    }

    private static bool HasSameEmbedding(ILanguageModel student, ILanguageModel predictor)
    {
        if (ReferenceEquals(student, predictor))
        {
            return true;
        }

        using var scope = torch.NewDisposeScope();
        var (a, b) = (student.InputEmbedding, predictor.InputEmbedding);
        return a.shape.SequenceEqual(b.shape) && torch.allclose(a.to(torch.ScalarType.Float32).cpu(), b.to(torch.ScalarType.Float32).cpu(), rtol: 0, atol: 0);
    }

    private static int? FindSentinel(Checkpoint predictor)
    {
        for (var id = predictor.Tokenizer.VocabularySize - 1; id >= 0; id--)
        {
            if (predictor.Tokenizer.Piece(id) == FirstSentinel)
            {
                return id;
            }
        }

        return null;
    }
}
