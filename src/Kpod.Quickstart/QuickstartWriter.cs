using System.Globalization;
using System.Text.Json.Nodes;
using Kpod.Files;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using Kpod.Quickstart.Base;
using Kpod.Quickstart.WordProblems;
using Kpod.Runs;
using Kpod.Tokenizers.Files;
using TorchSharp;

namespace Kpod.Quickstart;

/// <summary>Writes the quickstart's data set, base checkpoint and recipes: the same kinds of file that a user brings, so that the ordinary pipeline runs on them.</summary>
public static class QuickstartWriter
{
    private const int MaximumLength = 512;
    private const int VocabularySize = 1000;
    private const double WrongShare = 0.06;

    /// <summary>Writes everything.</summary>
    /// <param name="folder">The folder; files of an earlier quickstart are replaced, a base of the same settings is used again.</param>
    /// <param name="options">What to make.</param>
    /// <param name="progress">Is told of the base's training.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <param name="force">Whether files that no quickstart wrote, or that were changed since, may be replaced.</param>
    /// <returns>The files.</returns>
    /// <exception cref="KpodException">The folder holds such files.</exception>
    public static QuickstartFiles Write(string folder, QuickstartOptions options, IProgress<StageProgress>? progress, CancellationToken cancel, bool force = false)
    {
        var scale = QuickstartScale.Of(options.Size, options.Family);
        var keypoints = Path.Combine(folder, "data", "keypoints.jsonl");
        var ledger = new QuickstartLedger(folder, force);
        AddData(ledger, options, scale);
        var family = options.Family == QuickstartFamily.T5 ? "t5" : "llama";
        var basePath = $"base-{family}-{Identity(options, scale)[..12]}";
        ledger.Add("kpod.yaml", Recipe($"kpod-{family}", "kpod", basePath, options, scale));
        ledger.Add("cot.yaml", Recipe($"cot-{family}", "cot", basePath, options, scale));
        ledger.Write();
        var cached = File.Exists(Path.Combine(folder, basePath, "config.json"));
        if (!cached)
        {
            WriteBase(Path.Combine(folder, basePath), options, scale, progress, cancel);
        }

        return new QuickstartFiles(folder, Path.Combine(folder, "kpod.yaml"), Path.Combine(folder, "cot.yaml"), keypoints, cached);
    }

    private static void AddData(QuickstartLedger ledger, QuickstartOptions options, QuickstartScale scale)
    {
        var splits = new WordProblemGenerator(options.Seed).Draw(scale.TrainQuestions, scale.HeldOutQuestions, scale.HeldOutQuestions);
        var teacher = new ScriptedTeacher(options.Seed, WrongShare);
        var explained = splits.Train.Select(problem => (Problem: problem, Rationales: Enumerable.Range(0, scale.RationalesPerQuestion).Select(sample => teacher.Explain(problem, sample)).ToArray())).ToArray();
        ledger.AddLines("data/train.jsonl", explained.Select(item => new
        {
            item.Problem.Id,
            item.Problem.Question,
            item.Problem.Answer,
            Rationales = item.Rationales.Select(rationale => new { rationale.Text, Teacher = ScriptedTeacher.Name }),
        }));
        ledger.AddLines("data/keypoints.jsonl", explained.SelectMany(item => item.Rationales.Select((rationale, sample) =>
            new RationaleKeypoints { QuestionId = item.Problem.Id, Sample = sample, Spans = rationale.Keypoints })));
        foreach (var (name, problems) in new[] { ("validation", splits.Validation), ("test", splits.Test) })
        {
            ledger.AddLines($"data/{name}.jsonl", problems.Select(problem => new { problem.Id, problem.Question, problem.Answer }));
        }
    }

    private static void WriteBase(string folder, QuickstartOptions options, QuickstartScale scale, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        var isT5 = options.Family == QuickstartFamily.T5;
        var texts = VocabularyTexts(options, scale).ToArray();
        WriteJson(Path.Combine(folder, "tokenizer.json"), isT5 ? UnigramTokenizerFile.Make(texts, VocabularySize) : BytePairTokenizerFile.Make(texts, VocabularySize));
        WriteJson(Path.Combine(folder, "tokenizer_config.json"), isT5 ? UnigramTokenizerFile.MakeSettings(MaximumLength) : BytePairTokenizerFile.MakeSettings(MaximumLength));
        var tokenizer = TokenizerFile.Load(folder);
        var configuration = Configuration(options, scale, tokenizer.VocabularySize);
        var weightsSeed = Seeds.Derive(options.Seed, "base weights");
        using var model = configuration.Build(configuration is T5Configuration t5 ? new CopyingWeights(t5, weightsSeed) { Alike = UnigramTokenizerFile.AlikeTokens(tokenizer) } : new RandomWeights(configuration, weightsSeed));
        var tokens = isT5
            ? new SpecialTokenIds(null, [UnigramTokenizerFile.EndId], UnigramTokenizerFile.PadId)
            : new SpecialTokenIds(null, [BytePairTokenizerFile.EndId], BytePairTokenizerFile.PadId);
        var holeId = isT5 ? Enumerable.Range(0, tokenizer.VocabularySize).Last(id => tokenizer.Piece(id) == UnigramTokenizerFile.SentinelToken) : tokenizer.UnknownId!.Value;
        BasePretrainer.Train(model, tokenizer, tokens.EndIds[0], holeId, scale.PretrainingSteps, scale.PretrainingBatch, options.Seed, progress, cancel);
        HuggingFaceFolder.Save(folder, model, tokens);
    }

    private static ModelConfiguration Configuration(QuickstartOptions options, QuickstartScale scale, int vocabularySize) => options.Family == QuickstartFamily.T5
        ? new T5Configuration
        {
            Family = "t5",
            VocabularySize = vocabularySize,
            HiddenSize = scale.HiddenSize,
            FeedForwardSize = scale.HiddenSize * 2,
            EncoderLayers = scale.Layers,
            DecoderLayers = scale.Layers,
            Heads = 4,
            HeadSize = scale.HiddenSize / 4,
            NormEpsilon = 1e-6,
            RelativeBuckets = 32,
            RelativeMaximumDistance = 128,
            GatedGelu = true,
            ScaledOutput = false,
            TiedEmbeddings = false,
            DecoderStartId = UnigramTokenizerFile.PadId,
        }
        : new LlamaConfiguration
        {
            Family = "llama",
            VocabularySize = vocabularySize,
            HiddenSize = scale.HiddenSize,
            FeedForwardSize = scale.HiddenSize * 2,
            Layers = scale.Layers,
            Heads = 4,
            KeyValueHeads = 4,
            HeadSize = scale.HiddenSize / 4,
            MaximumLength = MaximumLength,
            NormEpsilon = 1e-5,
            RopeTheta = 10000,
            TiedEmbeddings = true,
            InitialDeviation = 0.08,
        };

    // The vocabulary sees the words of stories and teacher, and no held-out question: the stories are drawn with a seed of their own.
    private static IEnumerable<string> VocabularyTexts(QuickstartOptions options, QuickstartScale scale)
    {
        var primer = new PrimerText(Seeds.Generator(options.Seed, "vocabulary"), isCausal: options.Family == QuickstartFamily.Llama);
        var teacher = new ScriptedTeacher(Seeds.Derive(options.Seed, "vocabulary"), 0);
        var problems = new WordProblemGenerator(Seeds.Derive(options.Seed, "vocabulary")).Draw(scale.TrainQuestions, 1, 1).Train;
        return Enumerable.Range(0, scale.PrimerPassages).Select(_ => primer.Next(withDamage: false)).SelectMany(passage => new[] { passage.Given, passage.Link + passage.Written })
            .Concat(problems.SelectMany(problem => new[] { $"Q: {problem.Question} A: Let's think step by step.", teacher.Explain(problem, 0).Text }));
    }

    private static string Recipe(string name, string method, string basePath, QuickstartOptions options, QuickstartScale scale) => string.Create(CultureInfo.InvariantCulture, $$"""
        # Written by 'kpod quickstart': made-up word problems, a base pre-trained on the spot. Paths are relative to this file.
        name: {{name}}
        method: {{method}}          # kpod | cot
        seed: {{options.Seed}}

        student:
          model: {{basePath}}
          precision: float32

        dataset:
          format: jsonLines
          train: data/train.jsonl
          validation: data/validation.jsonl
          test: data/test.jsonl

        rationales:
          perQuestion: {{scale.RationalesPerQuestion}}
          maximumTokens: 320

        tokenWeights:
          source: {{(scale.LearnsWeights ? "learned" : "uniform")}}          # learned | uniform | file

        distillation:
          epochs: {{scale.Epochs}}
          batchSize: 8
          lora: { rank: 32 }
          paleness: 0.75           # learned weights near 0 would leave the filler unlearned, and a sentence is more than its keypoints
          optimizer: { learningRate: 2e-3, warmUpSteps: 10 }

        evaluation:
          splits: [test]
          maximumNewTokens: 160

        """);

    private static string Identity(QuickstartOptions options, QuickstartScale scale) => InputsHash.Of(
        ("generator", WordProblemGenerator.Version), ("family", options.Family), ("seed", options.Seed), ("scale", scale), ("vocabulary", VocabularySize), ("threads", torch.get_num_threads()));

    private static void WriteJson(string path, JsonObject json) => AtomicFile.WriteText(path, json.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }) + "\n");
}
