using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.Verification.Recorded;

/// <summary>A recorded batch in the form that the library trains on.</summary>
/// <param name="Batch">The sequences.</param>
/// <param name="Weights">One weight per supervised token; 1 where none are recorded.</param>
/// <param name="Fault">What does not fit together in the recorded batch; null where all does.</param>
internal sealed record ReferenceBatch(TeacherForcedBatch Batch, float[] Weights, string? Fault)
{
    private const int Ignored = -100;

    /// <summary>Reads a batch.</summary>
    /// <param name="numbers">The file.</param>
    /// <param name="prefix">In front of its tensors' names, such as <c>batch1.</c>; empty for the file's own batch.</param>
    /// <param name="model">The model that will read it.</param>
    /// <returns>The batch.</returns>
    /// <exception cref="KpodException">A tensor is missing, has another shape than the others or holds an id outside the vocabulary.</exception>
    public static ReferenceBatch Read(ReferenceNumbers numbers, string prefix, ILanguageModel model)
    {
        var last = model.VocabularySize - 1;
        var inputs = Tokens(numbers, prefix + "input_ids", prefix + "attention_mask", last);
        var labels = numbers.Rows(prefix + "labels", Ignored, last);
        if (inputs.Length != labels.Length || (model.IsCausal && labels.Zip(inputs).Any(pair => pair.First.Length < pair.Second.Length)))
        {
            throw numbers.Wrong(prefix + "labels", $"does not have the shape of {prefix}input_ids");
        }

        var rows = model.IsCausal ? Causal(numbers, prefix, last, labels) : EncoderDecoder(numbers, prefix, last, inputs, labels);
        if (!rows.Any(row => row.Supervised.Contains(true)))
        {
            throw numbers.Wrong(prefix + "labels", "holds no label, so that there is nothing to score");
        }

        var batch = new TeacherForcedBatch([.. rows.Select(row => row.Prompt)], [.. rows.Select(row => row.Response)], [.. rows.Select(row => row.Supervised)]);
        return new ReferenceBatch(batch, ReadWeights(numbers, prefix, labels, rows), rows.Select(row => row.Fault).FirstOrDefault(fault => fault is not null));
    }

    /// <summary>The weighted loss of the batch under a model.</summary>
    /// <param name="model">The model.</param>
    /// <returns>Sum and normaliser; the sum carries a gradient where one is recorded.</returns>
    public LossSum WeightedLoss(ILanguageModel model)
    {
        using var scope = torch.NewDisposeScope();
        var loss = TokenLoss.Weighted(TokenLoss.NegativeLogLikelihoods(model, Batch), Weights);
        loss.Sum.MoveToOuterDisposeScope();
        return loss;
    }

    /// <summary>Reads sequences without their padding, be it on the left or on the right.</summary>
    /// <param name="numbers">The file.</param>
    /// <param name="ids">The tensor of ids.</param>
    /// <param name="mask">The tensor that is 1 where there is a token.</param>
    /// <param name="last">The last id of the vocabulary.</param>
    /// <returns>Ids per sequence, at least one each.</returns>
    public static int[][] Tokens(ReferenceNumbers numbers, string ids, string mask, long last)
    {
        var rows = numbers.Rows(ids, 0, last);
        var real = numbers.Rows(mask, 0, 1);
        if (rows.Length != real.Length || rows.Zip(real).Any(pair => pair.First.Length != pair.Second.Length))
        {
            throw numbers.Wrong(mask, $"does not have the shape of {ids}");
        }

        int[][] tokens = [.. rows.Zip(real, (row, isReal) => row.Where((_, column) => isReal[column] != 0).Select(id => (int)id).ToArray())];
        return Array.FindIndex(tokens, row => row.Length == 0) is var empty and >= 0 ? throw numbers.Wrong(mask, $"leaves row {empty} no token") : tokens;
    }

    // Prompt and response are one sequence; the response begins at the first label. labels[t] is the input at t, which the state at t - 1 predicts.
    private static Row[] Causal(ReferenceNumbers numbers, string prefix, long last, long[][] labels)
    {
        var (inputs, real) = (numbers.Rows(prefix + "input_ids", 0, last), numbers.Rows(prefix + "attention_mask", 0, 1));
        return [.. labels.Select((label, row) =>
        {
            int[] columns = [.. Enumerable.Range(0, label.Length).Where(column => real[row][column] != 0)];
            int[] sequence = [.. columns.Select(column => (int)inputs[row][column])];
            var wrong = Enumerable.Range(0, label.Length).Where(column => label[column] >= 0 && (real[row][column] == 0 || label[column] != inputs[row][column])).Select(column => (int?)column).FirstOrDefault();
            var first = Math.Max(1, Array.FindIndex(columns, column => label[column] >= 0));
            return new Row(sequence[..first], sequence[first..], [.. columns[first..].Select(column => label[column] >= 0)], columns[first..],
                wrong is { } place ? $"row {row}, column {place}: the label {label[place]} is not the input {inputs[row][place]}" : null);
        })];
    }

    // Labels are the decoder's own text; what is not supervised in it is known from the decoder's input alone, one place further on.
    private static Row[] EncoderDecoder(ReferenceNumbers numbers, string prefix, long last, int[][] prompts, long[][] labels)
    {
        var decoder = numbers.Has(prefix + "decoder_input_ids") ? numbers.Rows(prefix + "decoder_input_ids", 0, last) : null;
        if (decoder is not null && (decoder.Length != labels.Length || decoder[0].Length != labels[0].Length))
        {
            throw numbers.Wrong(prefix + "decoder_input_ids", $"does not have the shape of {prefix}labels");
        }

        return [.. labels.Select((label, row) =>
        {
            var length = Array.FindLastIndex(label, id => id >= 0) + 1;
            var response = new int[length];
            string? fault = null;
            for (var column = 0; column < length; column++)
            {
                var next = decoder is not null && column + 1 < length ? decoder[row][column + 1] : (long?)null;
                response[column] = (int)(label[column] >= 0 ? label[column] : next ?? 0);
                fault ??= next is { } id && id != response[column] ? $"row {row}, column {column}: the label {label[column]} is not what decoder_input_ids goes on with, {id}" : null;
            }

            return new Row(prompts[row], response, [.. label[..length].Select(id => id >= 0)], [.. Enumerable.Range(0, length)], fault);
        })];
    }

    private static float[] ReadWeights(ReferenceNumbers numbers, string prefix, long[][] labels, Row[] rows)
    {
        var name = prefix + "token_weights";
        if (!numbers.Has(name))
        {
            return [.. rows.SelectMany(row => row.Supervised.Where(counts => counts).Select(_ => 1f))];
        }

        using var scope = torch.NewDisposeScope();
        var weights = numbers.Numbers(name).to(torch.ScalarType.Float32).contiguous();
        if (!weights.shape.SequenceEqual([labels.Length, labels[0].Length]))
        {
            throw numbers.Wrong(name, $"has the shape [{string.Join(", ", weights.shape)}]; it must be that of {prefix}labels");
        }

        var values = weights.data<float>().ToArray();
        var width = labels[0].Length;
        return [.. rows.SelectMany((row, index) => row.Columns.Where((_, place) => row.Supervised[place]).Select(column => values[(index * width) + column]))];
    }

    // Columns are those of the response in the recorded table.
    private sealed record Row(int[] Prompt, int[] Response, bool[] Supervised, int[] Columns, string? Fault);
}
