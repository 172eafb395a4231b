using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Budget;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Store;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>Says what a teacher's work will take, from the store and the lengths of the prompts.</summary>
internal static class TeacherEstimator
{
    /// <summary>Goes through all requests without asking.</summary>
    public static TeacherEstimate Of(IReadOnlyList<Question> questions, TeacherRequests requests, TeacherOptions options, TeacherStore store, ModelPrice? price, string? currency)
    {
        var stored = new Dictionary<string, TeacherAnswer>(StringComparer.Ordinal);
        var toAsk = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var question in questions)
        {
            for (var sample = 0; sample < options.Samples; sample++)
            {
                var request = requests.First(question, sample);
                if (Look(request) is not { } first)
                {
                    if (options.Prompt == PromptKind.TwoTurn)
                    {
                        toAsk.TryAdd($"{request.Hash}, second turn", TokenEstimate.OfPrompt(request) + (options.MaximumTokens / 2));
                    }
                }
                else if (requests.Second(question, sample, first) is { } second)
                {
                    Look(second);
                }
            }
        }

        return Sum(questions.Count, options, [.. stored.Values], [.. toAsk.Values], price, currency);

        TeacherAnswer? Look(TeacherRequest request)
        {
            var answer = store.Find(request.Hash)?.Answer;
            if (answer is null)
            {
                toAsk.TryAdd(request.Hash, TokenEstimate.OfPrompt(request));
            }
            else
            {
                stored[request.Hash] = answer;
            }

            return answer;
        }
    }

    private static TeacherEstimate Sum(int questions, TeacherOptions options, TeacherAnswer[] stored, long[] toAsk, ModelPrice? price, string? currency)
    {
        var counted = stored.Where(answer => answer.OutputTokens is not null).ToArray();
        var mean = counted.Length == 0 ? options.MaximumTokens / 2.0 : counted.Average(answer => answer.OutputTokens!.Value);
        var (input, output, most) = (toAsk.Sum(), (long)Math.Ceiling(mean * toAsk.Length), (long)options.MaximumTokens * toAsk.Length);
        var turns = options.Prompt == PromptKind.TwoTurn ? 2 : 1;
        var resamples = questions * options.Resamples * turns;
        var meanInput = toAsk.Length == 0 ? 0 : input / toAsk.Length;
        return new TeacherEstimate(
            questions, stored.Length + toAsk.Length, stored.Length, toAsk.Length, input, output, most, resamples,
            price is null ? null : stored.Sum(answer => answer.Cost ?? 0),
            price?.Cost(input, output),
            price?.Cost(input + (resamples * meanInput), most + ((long)resamples * options.MaximumTokens)),
            currency);
    }
}
