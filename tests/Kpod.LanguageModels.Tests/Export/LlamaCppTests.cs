using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Export;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.Quantisation;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Tests.Checkpoints;
using Kpod.Testing;
using LLama;
using LLama.Common;
using LLama.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Export;

/// <summary>Our GGUF files in the hands of llama.cpp: it loads them, reads texts as the same tokens and computes the same logits.</summary>
public sealed class LlamaCppTests : IDisposable
{
    private static readonly int[] Ids = [1, 17, 42, 99, 7, 64, 120, 33, 5, 88];

    private readonly TemporaryFolder _folder = new();

    // It is talkative otherwise.
    static LlamaCppTests() => NativeLogConfig.llama_log_set((_, _) => { });

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama-mha-untied", "llama-mha-untied-F32", ExportType.Float32, 1e-4)]
    [InlineData("llama-mha-untied", "llama-mha-untied-F32", ExportType.Q80, 5e-2)]
    [InlineData("llama-rope-llama3", "llama-rope-llama3-F32", ExportType.Float32, 1e-4)]
    [InlineData("mistral", "mistral-F32", ExportType.Float32, 1e-4)]
    [InlineData("qwen2", "qwen2-F32", ExportType.Float32, 1e-4)]
    [InlineData("qwen3", "qwen3-F32", ExportType.Float32, 1e-4)]
    public void A_causal_model_computes_the_same_there(string variant, string gguf, ExportType type, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var target = Export(variant, gguf, type);
        using var model = CheckpointLoader.LoadModel(target, torch.ScalarType.Float32, torch.CPU);
        var ours = ReferenceLogits.OfCausal(model, torch.tensor(Array.ConvertAll(Ids, id => (long)id)).unsqueeze(0))[0];
        using var weights = LLamaWeights.LoadFromFile(Parameters(target));
        using var context = weights.CreateContext(Parameters(target));
        var batch = Batch(Ids);
        Assert.Equal(DecodeResult.Ok, context.Decode(batch));
        TensorAssert.Close(ours, Logits(context, Ids.Length), tolerance, $"{variant} {type}");
    }

    [Theory]
    [InlineData("t5-flan-gated-untied", "t5-flan-gated-untied-F32")]
    [InlineData("t5-v1_0-relu-tied", "t5-v1_0-relu-tied-F32")]
    public void A_t5_computes_the_same_there(string variant, string gguf)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var target = Export(variant, gguf, ExportType.Float32);
        using var model = (T5Model)CheckpointLoader.LoadModel(target, torch.ScalarType.Float32, torch.CPU);
        int[] written = [0, 11, 23, 57];
        var states = model.Decode(torch.tensor(Array.ConvertAll(written, id => (long)id)).unsqueeze(0), model.Encode(model.Embed(torch.tensor(Array.ConvertAll(Ids, id => (long)id)).unsqueeze(0))));
        using var weights = LLamaWeights.LoadFromFile(Parameters(target));
        using var context = weights.CreateContext(Parameters(target));
        Assert.Equal(EncodeResult.Ok, context.Encode(Batch(Ids)));
        Assert.Equal(DecodeResult.Ok, context.Decode(Batch(written)));

        // ggml looks its GELU up in a table of halves.
        TensorAssert.Close(model.Logits(states.view(-1, model.HiddenSize)), Logits(context, written.Length), 1e-2, variant);
    }

    [Fact]
    public void The_real_models_tokenizer_reads_the_same_there()
    {
        var source = SharedFolder.PathOf("models", "SmolLM2-135M-Instruct");
        var target = _folder.PathOf("tokenizer.gguf");
        using (torch.NewDisposeScope())
        {
            // A model of one narrow block, so that only the tokenizer counts.
            var configuration = new LlamaConfiguration
            {
                Family = "llama",
                VocabularySize = 49152,
                HiddenSize = 32,
                FeedForwardSize = 32,
                Layers = 1,
                Heads = 2,
                KeyValueHeads = 2,
                HeadSize = 16,
                MaximumLength = 512,
                NormEpsilon = 1e-5,
                RopeTheta = 10000,
                TiedEmbeddings = true,
            };
            using var model = new LlamaModel(configuration, new RandomWeights(configuration, 1));
            GgufModelFile.Write(
                target, configuration, MergedWeights.Of(model), GgufType.Named("F32"), "tokenizer", new Dictionary<string, object>(), Kpod.Tokenizers.Conversion.TokenizerToGguf.Convert(source, 49152, [2]));
        }

        var ours = CheckpointLoader.LoadTokenizer(source);
        using var weights = LLamaWeights.LoadFromFile(Parameters(target));
        foreach (var text in GateText.BuiltIn.Select(text => text.Prompt))
        {
            Assert.Equal(ours.Encode(text).Select(token => token.Id), weights.Tokenize(text, add_bos: false, special: false, System.Text.Encoding.UTF8).Select(token => (int)token));
        }
    }

    private static ModelParams Parameters(string path) => new(path)
    {
        ContextSize = 64,
        GpuLayerCount = 0,
        Threads = 1,
        BatchThreads = 1,
        FlashAttention = false,
        TypeK = GGMLType.GGML_TYPE_F32,
        TypeV = GGMLType.GGML_TYPE_F32,
    };

    private static LLamaBatch Batch(int[] ids)
    {
        var batch = new LLamaBatch();
        for (var position = 0; position < ids.Length; position++)
        {
            batch.Add(ids[position], position, LLamaSeqId.Zero, logits: true);
        }

        return batch;
    }

    private static torch.Tensor Logits(LLamaContext context, int positions) =>
        torch.stack([.. Enumerable.Range(0, positions).Select(position => torch.tensor(context.NativeHandle.GetLogitsIth(position).ToArray()))]);

    private string Export(string variant, string gguf, ExportType type)
    {
        var target = _folder.PathOf("model.gguf");
        Assert.True(TestStudent.Export(new ExportOptions { Model = TestStudent.Folder(_folder, variant, gguf), Target = target, Format = ExportFormat.Gguf, Type = type, Tolerance = 1 }).IsWritten);
        return target;
    }
}
