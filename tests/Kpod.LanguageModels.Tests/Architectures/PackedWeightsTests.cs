using System.Globalization;
using System.Runtime.Intrinsics.X86;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Decoding;
using Kpod.LanguageModels.Inference;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Architectures;

public sealed class PackedWeightsTests
{
    private static readonly int[][] Prompts = [[1, 7, 9, 11, 30], [1, 5], [1, 8, 40, 41, 42, 43, 44], [3]];

    [Theory]
    [InlineData(false, false, 4)]
    [InlineData(true, false, 4)]
    [InlineData(true, true, 4)]
    [InlineData(false, false, 1)]
    [InlineData(true, false, 1)]
    [InlineData(true, true, 1)]
    public void Packed_weights_give_the_models_own_logits_but_for_roundings(bool withAdapter, bool withBias, int texts)
    {
        Assert.SkipUnless(Avx512BW.IsSupported && TestDevice.Current.type == DeviceType.CPU, "needs a processor on which oneDNN computes in bfloat16");
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var model = Model(withBias, torch.ScalarType.BFloat16);
        using var exact = Model(withBias, torch.ScalarType.Float32);
        foreach (var student in withAdapter ? [model, exact] : Array.Empty<LlamaModel>())
        {
            Attach(student);
        }

        ComparePacked(model, exact, texts);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    public void A_t5_decodes_with_packed_weights_as_without_but_for_roundings(int texts)
    {
        Assert.SkipUnless(Avx512BW.IsSupported && TestDevice.Current.type == DeviceType.CPU, "needs a processor on which oneDNN computes in bfloat16");
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var model = T5(torch.ScalarType.BFloat16);
        using var exact = T5(torch.ScalarType.Float32);
        Attach(model);
        Attach(exact);
        ComparePacked(model, exact, texts);
    }

    [Fact]
    public void In_float32_nothing_is_packed()
    {
        using var llama = TinyModel.Llama();
        using var t5 = TinyModel.T5();
        Assert.Null(PackedWeights.Of(llama, 4));
        Assert.Null(PackedWeights.Of(t5, 4));
    }

    [Fact]
    public void One_text_alone_needs_no_copy_of_weights_without_an_adapter()
    {
        Assert.SkipUnless(Avx512BW.IsSupported && TestDevice.Current.type == DeviceType.CPU, "needs vectors of 512 bits");
        using var noGradient = torch.no_grad();
        using var model = Model(withBias: false, torch.ScalarType.BFloat16);
        Assert.Equal(0, model.Groups.Sum(group => group.BytesToPack(1)));
        var all = model.Groups.Sum(group => group.BytesToPack(2));
        Attach(model);
        Assert.Equal(all - (2 * 96 * 64), model.Groups.Sum(group => group.BytesToPack(1)));
    }

    [Fact]
    public void Generating_leaves_no_tensor_behind_and_no_weights_packed()
    {
        using var model = Model(withBias: false, torch.ScalarType.BFloat16);
        var generator = new TextGenerator(model, new LetterTokenizer(), [2]);
        LeakCheck.IsFlat(() => generator.Generate(Prompts, new GenerationOptions { MaximumNewTokens = 70, BatchSize = 3 }), steps: 3);
        LeakCheck.IsFlat(() => generator.Write(Prompts[0], new GenerationOptions { MaximumNewTokens = 5 }, _ => { }), steps: 3);
        Assert.All(model.Groups, group => Assert.Null(group.Packed));
    }

    [Fact]
    public void The_share_of_equal_texts_in_bfloat16_is_reported()
    {
        using var model = Model(withBias: false, torch.ScalarType.BFloat16);
        var random = new Random(4);
        int[][] prompts = [.. Enumerable.Range(0, 24).Select(_ => Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(3, 96)).ToArray())];
        var generator = new TextGenerator(model, new LetterTokenizer(), []);
        var alone = generator.Generate(prompts, new GenerationOptions { MaximumNewTokens = 20, BatchSize = 1 }, cancel: TestContext.Current.CancellationToken);
        var batched = generator.Generate(prompts, new GenerationOptions { MaximumNewTokens = 20, BatchSize = 12 }, cancel: TestContext.Current.CancellationToken);
        var equal = alone.Zip(batched).Count(pair => pair.First.Ids.SequenceEqual(pair.Second.Ids));
        TestContext.Current.TestOutputHelper?.WriteLine($"bfloat16, packed where possible: {equal} of {prompts.Length} texts are the same alone and in batches of 12");
        Assert.True(equal >= prompts.Length / 2);
    }

    [Fact]
    public void A_cache_that_is_read_whole_hides_its_free_room()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var cache = new KeyValueCache(1, readsWhole: true);
        Assert.Equal(3, cache.WidthWith(3));
        var (first, _) = cache.Append(0, torch.ones(2, 1, 3, 4), torch.ones(2, 1, 3, 4));
        Assert.Equal([2, 1, 3, 4], first.shape);
        cache.Advance(3);
        for (var token = 0; token < 130; token++)
        {
            var width = cache.WidthWith(1);
            var (keys, values) = cache.Append(0, torch.ones(2, 1, 1, 4), torch.ones(2, 1, 1, 4));
            cache.Advance(1);
            Assert.Equal([2, 1, width, 4], keys.shape);
            Assert.True(width - cache.Length is >= 0 and <= 64);
            Assert.Equal(8 * cache.Length, keys.sum().item<float>());
            Assert.Equal(8 * cache.Length, values.sum().item<float>());
            Assert.Equal(cache.Length, cache.Read(0).Keys.shape[2]);
        }
    }

    private static LlamaModel Model(bool withBias, torch.ScalarType type)
    {
        var configuration = new LlamaConfiguration
        {
            Family = withBias ? "qwen2" : "llama",
            VocabularySize = 96,
            HiddenSize = 64,
            FeedForwardSize = 96,
            Layers = 2,
            Heads = 4,
            KeyValueHeads = 2,
            HeadSize = 32,
            MaximumLength = 256,
            NormEpsilon = 1e-5,
            RopeTheta = 10000,
            TiedEmbeddings = true,
            QueryKeyValueBias = withBias,
            QueryKeyNorm = withBias,
            InitialDeviation = 0.2,
        };
        var model = new LlamaModel(configuration, new RandomWeights(configuration, seed: 1, type, torch.CPU));
        using var noGradient = torch.no_grad();
        using var generator = new torch.Generator(7, torch.CPU);
        foreach (var bias in model.Linears.Where(linear => linear.Bias is not null).Select(linear => linear.Bias!))
        {
            bias.copy_(torch.empty(bias.shape).normal_(0, 0.5, generator));
        }

        return model;
    }

    private static T5Model T5(torch.ScalarType type)
    {
        var configuration = new T5Configuration
        {
            Family = "t5",
            VocabularySize = 96,
            HiddenSize = 64,
            HeadSize = 32,
            FeedForwardSize = 96,
            EncoderLayers = 2,
            DecoderLayers = 2,
            Heads = 4,
            RelativeBuckets = 8,
            RelativeMaximumDistance = 16,
            NormEpsilon = 1e-6,
            GatedGelu = true,
            ScaledOutput = false,
            TiedEmbeddings = false,
            DecoderStartId = 0,
        };
        return new T5Model(configuration, new RandomWeights(configuration, seed: 1, type, torch.CPU));
    }

    private static void ComparePacked(ILanguageModel model, ILanguageModel exact, int texts)
    {
        var plain = Decode(model, texts);
        using (var packed = PackedWeights.Of(model, texts))
        {
            Assert.NotNull(packed);
            Assert.Null(PackedWeights.Of(model, 1));
            var differences = Decode(model, texts).Zip(plain, (a, b) => TensorAssert.RelativeDifference(b, a)).ToArray();
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference of packed logits in bfloat16: {differences.Max():E1}"));
            Assert.InRange(differences.Max(), 0, 0.15);

            // Rounding once is not worse than rounding twice.
            var reference = Decode(exact, texts);
            var (packedError, plainError) = (Error(Decode(model, texts), reference), Error(plain, reference));
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mean error to float32: packed {packedError:E2}, not packed {plainError:E2}"));
            Assert.True(packedError < 1.5 * plainError);
        }

        // Nothing of it stays.
        Assert.All(Decode(model, texts).Zip(plain), pair => Assert.Equal(0, TensorAssert.RelativeDifference(pair.Second, pair.First)));
    }

    private static void Attach(ILanguageModel model)
    {
        using var generator = new torch.Generator(9, torch.CPU);
        foreach (var parameter in LoraAdapter.Attach(model, new LoraOptions { Rank = 8 }, seed: 2).Parameters.Where(parameter => parameter.Name.Contains("lora_B", StringComparison.Ordinal)))
        {
            parameter.Value.normal_(0, 0.05, generator);
        }
    }

    // Logits of the prompts and of eighty further tokens each, so that the cache grows.
    private static List<torch.Tensor> Decode(ILanguageModel model, int texts)
    {
        using var decoding = model.StartDecoding(Prompts[..texts]);
        var logits = new List<torch.Tensor> { decoding.NextLogits.clone() };
        for (var token = 0; token < 80; token++)
        {
            int[] next = [5 + (token % 90), 6, 7, 8];
            decoding.Append(next.AsSpan(0, texts));
            logits.Add(decoding.NextLogits.clone());
        }

        return logits;
    }

    private static double Error(List<torch.Tensor> logits, List<torch.Tensor> reference) => logits.Zip(reference, (a, b) => a.sub(b).abs().mean().item<float>()).Average();
}
