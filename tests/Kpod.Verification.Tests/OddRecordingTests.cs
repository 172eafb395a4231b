using Kpod.LanguageModels;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.Testing;
using Kpod.Testing;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.Tests;

/// <summary>Recordings that look otherwise than those at hand: other paddings, labels with gaps, parts left out. Their numbers are computed here the plain way, row by row, without padding.</summary>
public sealed class OddRecordingTests : IDisposable
{
    private static readonly int[][] Sequences = [[1, 20, 33, 41, 7, 90, 12, 2], [1, 55, 8, 2], [1, 64, 65, 66, 67, 2]];
    private static readonly SpecialTokenIds Tokens = new(1, [2], 0);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Labels_may_have_gaps_and_the_rows_any_padding(bool left)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var model = TinyModel.Llama();
        HuggingFaceFolder.Save(_folder.FullPath, model, Tokens);
        var (ids, mask) = Pad(Sequences, left);

        // Labelled: of row 0 places 0 (which nothing predicts), 2, 3 and 6; row 1 none; row 2 the last.
        bool[][] isLabel = [[true, false, true, true, false, false, true, false], new bool[4], [false, false, false, false, false, true]];
        var (sum, count) = (0.0, 0);
        var logits = torch.zeros(3, 8, model.VocabularySize);
        for (var row = 0; row < Sequences.Length; row++)
        {
            var own = RowLogits(model, Sequences[row]);
            var start = left ? 8 - Sequences[row].Length : 0;
            logits[row].narrow(0, start, Sequences[row].Length).copy_(own);
            for (var place = 1; place < Sequences[row].Length; place++)
            {
                if (isLabel[row][place])
                {
                    sum -= own[place - 1].log_softmax(0)[Sequences[row][place]].item<float>();
                    count++;
                }
            }
        }

        var (labels, _) = Pad([.. Sequences.Select((sequence, row) => sequence.Select((id, place) => isLabel[row][place] ? id : -100).ToArray())], left, -100);
        Write("reference.safetensors", ("input_ids", ids), ("attention_mask", mask), ("labels", labels), ("logits", logits), ("loss_sum", torch.tensor(new[] { (float)sum })), ("loss_tokens", torch.tensor(new[] { (long)count })));
        var report = Verify();
        VerificationAssert.Passes(report);
        Assert.Equal(["logits", "loss_sum", "loss_tokens"], report.Checks.Select(check => check.Name));
        Assert.Equal(4, count);
    }

    [Fact]
    public void The_decoder_may_be_given_a_part_that_is_not_labelled()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var model = TinyModel.T5();
        HuggingFaceFolder.Save(_folder.FullPath, model, new SpecialTokenIds(null, [1], 0));
        var (ids, mask) = Pad(Sequences, left: true);
        var decoder = torch.tensor(new long[,] { { 0, 9, 8, 7 }, { 0, 30, 31, 0 }, { 0, 40, 1, 0 } });
        var labels = torch.tensor(new long[,] { { -100, -100, 7, 1 }, { 30, -100, 1, -100 }, { 40, 1, -100, -100 } });
        var weights = torch.tensor(new float[,] { { 9, 9, 0.5f, 1 }, { 0.25f, 9, 1, 9 }, { 0.75f, 1, 9, 9 } });
        var (sum, weighted) = (0.0, 0.0);
        for (var row = 0; row < 3; row++)
        {
            var encoded = model.Encode(model.Embed(torch.tensor(Sequences[row].Select(id => (long)id).ToArray()).unsqueeze(0)));
            var own = model.Logits(model.Decode(decoder[row].unsqueeze(0), encoded).squeeze(0)).log_softmax(-1);
            for (var place = 0; place < 4; place++)
            {
                if (labels[row, place].item<long>() is var label and >= 0)
                {
                    sum -= own[place, label].item<float>();
                    weighted -= weights[row, place].item<float>() * own[place, label].item<float>();
                }
            }
        }

        (string, torch.Tensor)[] tensors =
        [
            ("input_ids", ids), ("attention_mask", mask), ("decoder_input_ids", decoder), ("labels", labels), ("token_weights", weights),
            ("loss_sum", torch.tensor(new[] { (float)sum })), ("weighted_loss_sum", torch.tensor(new[] { weighted })),
        ];
        Write("reference.safetensors", tensors);
        VerificationAssert.Passes(Verify());

        // A label that is not what the decoder reads next belongs to another text.
        labels[0, 2] = 6;
        Write("reference.safetensors", tensors);
        var report = Verify();
        Assert.Contains(report.Checks, check => check is { Name: "labels", Passed: false } && check.Detail!.Contains("row 0, column 2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_label_that_is_not_the_input_is_found()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        HuggingFaceFolder.Save(_folder.FullPath, model, Tokens);
        var (ids, mask) = Pad(Sequences, left: false);
        var labels = ids.clone().masked_fill(mask.eq(0), -100);
        labels[2, 3] = 5;
        Write("reference.safetensors", ("input_ids", ids), ("attention_mask", mask), ("labels", labels), ("loss_tokens", torch.tensor(new[] { 15L })));
        VerificationAssert.FailsIn(Verify(), "reference.safetensors: labels");
    }

    [Fact]
    public void Numbers_that_are_none_are_found_and_never_equal_to_ours()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        HuggingFaceFolder.Save(_folder.FullPath, model, Tokens);
        var (ids, mask) = Pad(Sequences, left: false);
        var logits = torch.full([3, 8, model.VocabularySize], float.NaN);
        Write("reference.safetensors", ("input_ids", ids), ("attention_mask", mask), ("logits", logits), ("next_logprobs", torch.zeros(3, 6)));
        var report = Verify();
        VerificationAssert.FailsIn(report, "reference.safetensors: logits", "reference.safetensors: next_logprobs");
        Assert.All(report.Checks, check => Assert.Equal(double.PositiveInfinity, check.Difference));
        Assert.Contains("recorded is the shape [3, 6], computed [3, 7]", report.Checks[1].Detail, StringComparison.Ordinal);
    }

    private VerificationReport Verify() => Verifier.Model(_folder.FullPath, null, null, new VerificationOptions());

    private void Write(string file, params (string Name, torch.Tensor Value)[] tensors) =>
        SafetensorsWriter.Write(_folder.PathOf(file), tensors.Select(pair => KeyValuePair.Create(pair.Name, pair.Value.cpu())));

    private static torch.Tensor RowLogits(LlamaModel model, int[] sequence)
    {
        var ids = torch.tensor(sequence.Select(id => (long)id).ToArray(), device: model.Device).unsqueeze(0);
        return model.Logits(model.Forward(model.Embed(ids), torch.arange(sequence.Length, device: model.Device).unsqueeze(0)).squeeze(0)).cpu();
    }

    private static (torch.Tensor Ids, torch.Tensor Mask) Pad(int[][] rows, bool left, long padding = 0)
    {
        var width = rows.Max(row => row.Length);
        var (ids, mask) = (torch.full([rows.Length, width], padding, dtype: torch.ScalarType.Int64), torch.zeros(rows.Length, width, dtype: torch.ScalarType.Int64));
        for (var row = 0; row < rows.Length; row++)
        {
            for (var place = 0; place < rows[row].Length; place++)
            {
                var column = place + (left ? width - rows[row].Length : 0);
                ids[row, column] = rows[row][place];
                mask[row, column] = 1;
            }
        }

        return (ids, mask);
    }
}
