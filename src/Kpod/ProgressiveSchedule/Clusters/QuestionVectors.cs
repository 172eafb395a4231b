using System.Numerics.Tensors;
using Kpod.LanguageModels.Checkpoints;
using TorchSharp;

namespace Kpod.ProgressiveSchedule.Clusters;

/// <summary>Turns questions into vectors whose distances say how alike they are (section 3.4: the mean of a question's GloVe word vectors).</summary>
internal static class QuestionVectors
{
    /// <summary>Embeds each question as the mean of the vectors of its lower-cased words; words that the file lacks are left out.</summary>
    /// <param name="path">Word vectors in GloVe's text format.</param>
    /// <param name="questions">The questions' texts.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <returns>A vector a question; zeros where the file has none of its words.</returns>
    /// <exception cref="KpodException">The file cannot be read, is no such file or has no word of any question.</exception>
    public static IReadOnlyList<float[]> FromWordVectors(string path, IReadOnlyList<string> questions, CancellationToken cancel)
    {
        string[][] words = [.. questions.Select(question => QuestionWords.Of(question).ToArray())];
        var vocabulary = words.SelectMany(ofQuestion => ofQuestion).ToHashSet(StringComparer.Ordinal);
        var vectors = WordVectorFile.Read(path, vocabulary, cancel);
        if (vectors.Count == 0)
        {
            throw new KpodException(
                $"{path}: none of the questions' {vocabulary.Count} different words stands in this file. "
                + "It needs lower-case words of the questions' language.");
        }

        var length = vectors.Values.First().Length;
        return [.. words.Select(ofQuestion => Mean([.. ofQuestion.Select(word => vectors.GetValueOrDefault(word)).OfType<float[]>()], length))];
    }

    /// <summary>Embeds each question as the mean of its tokens' rows of the student's input embedding.</summary>
    /// <param name="student">The student with its tokenizer.</param>
    /// <param name="questions">The questions' texts.</param>
    /// <param name="cancel">Stops between two questions.</param>
    /// <returns>A vector a question; zeros for one without tokens.</returns>
    public static IReadOnlyList<float[]> FromInputEmbedding(Checkpoint student, IReadOnlyList<string> questions, CancellationToken cancel)
    {
        using var noGradient = torch.no_grad();
        var vectors = new List<float[]>(questions.Count);
        foreach (var question in questions)
        {
            cancel.ThrowIfCancellationRequested();
            vectors.Add(Mean(Rows(student, question), student.Model.HiddenSize));
        }

        return vectors;
    }

    private static float[][] Rows(Checkpoint student, string question)
    {
        long[] ids = [.. student.Tokenizer.Encode(question).Select(token => (long)token.Id)];
        if (ids.Length == 0)
        {
            return [];
        }

        using var scope = torch.NewDisposeScope();
        var rows = student.Model.InputEmbedding.index_select(0, torch.tensor(ids, device: student.Model.Device));
        return [.. rows.to(torch.ScalarType.Float32).cpu().contiguous().data<float>().ToArray().Chunk(student.Model.HiddenSize)];
    }

    private static float[] Mean(float[][] vectors, int length)
    {
        var sum = new float[length];
        foreach (var vector in vectors)
        {
            TensorPrimitives.Add<float>(sum, vector, sum);
        }

        if (vectors.Length > 1)
        {
            TensorPrimitives.Divide(sum, vectors.Length, sum);
        }

        return sum;
    }
}
