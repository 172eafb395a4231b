using Kpod.Datasets.Answers;
using Kpod.Datasets.Questions;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Inference;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Runs;

namespace Kpod.Evaluation;

/// <summary>Lets a model answer questions with greedy decoding and judges every answer.</summary>
public static class Evaluator
{
    /// <summary>Asks all questions.</summary>
    /// <param name="student">The model with its tokenizer.</param>
    /// <param name="questions">The questions.</param>
    /// <param name="options">Length and batches.</param>
    /// <param name="progress">Is told as texts end.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>One outcome a question, in order.</returns>
    public static IReadOnlyList<QuestionOutcome> Ask(
        Checkpoint student, IReadOnlyList<Question> questions, EvaluationOptions options, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        var encoder = new RationaleEncoder(student.Tokenizer, student.Model.IsCausal, student.EndIds[0]);
        var generator = new TextGenerator(student.Model, student.Tokenizer, student.EndIds);
        var generation = new GenerationOptions { MaximumNewTokens = options.MaximumNewTokens, BatchSize = options.BatchSize };
        var texts = generator.Generate([.. questions.Select(encoder.EncodePrompt)], generation, new TextProgress(progress), cancel);
        return [.. questions.Zip(texts, Judge)];
    }

    /// <summary>Judges one text.</summary>
    /// <param name="question">The question.</param>
    /// <param name="generated">What the model wrote.</param>
    /// <returns>The outcome.</returns>
    internal static QuestionOutcome Judge(Question question, GeneratedText generated)
    {
        var format = AnswerFormat.Of(question);
        var strict = AnswerExtractor.Strict(generated.Text, format);
        var flexible = AnswerExtractor.Flexible(generated.Text, format);
        return new QuestionOutcome
        {
            QuestionId = question.Id,
            Gold = question.Answer,
            Text = generated.Text,
            Tokens = generated.Ids.Length,
            StopReason = generated.StopReason,
            Strict = strict?.Text,
            Flexible = flexible?.Text,
            Rule = flexible is null ? null : System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(flexible.Rule.ToString()),
            StrictCorrect = AnswerMatcher.Matches(strict?.Text, question.Answer, format),
            Correct = AnswerMatcher.Matches(flexible?.Text, question.Answer, format),
        };
    }

    private sealed class TextProgress(IProgress<StageProgress>? progress) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) => progress?.Report(new StageProgress(value.FinishedTexts, value.TotalTexts, "questions"));
    }
}
