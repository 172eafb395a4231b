using Kpod.LanguageModels.Checkpoints;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.ProgressiveSchedule.Clusters;

/// <summary>Groups alike questions by K-means, so that the rationales selected at a stage can be spread over the groups C_k of Eq. 12.</summary>
internal static class QuestionClusters
{
    /// <summary>Finds the cluster of each rationale's question.</summary>
    /// <param name="rationales">The rationales; those of one question share its cluster and count once.</param>
    /// <param name="clusters">K.</param>
    /// <param name="wordVectors">A file of word vectors; null for the student's input embedding.</param>
    /// <param name="student">
    /// Gives the student, whose input embedding serves where no word vectors are named; called only then, and the caller disposes of it.
    /// </param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="cancel">Stops the search.</param>
    /// <returns>One cluster a rationale, from 0 and below K.</returns>
    /// <exception cref="KpodException">The file of word vectors cannot be used.</exception>
    public static IReadOnlyList<int> Find(
        IReadOnlyList<EncodedRationale> rationales, int clusters, string? wordVectors, Func<Checkpoint> student, long seed, CancellationToken cancel)
    {
        var questions = rationales.DistinctBy(rationale => rationale.QuestionId).ToList();
        string[] texts = [.. questions.Select(rationale => rationale.QuestionText)];
        var vectors = wordVectors is { } path
            ? QuestionVectors.FromWordVectors(path, texts, cancel)
            : QuestionVectors.FromInputEmbedding(student(), texts, cancel);
        var found = Find(vectors, clusters, seed, cancel);
        var ofQuestion = questions.Zip(found).ToDictionary(pair => pair.First.QuestionId, pair => pair.Second);
        return [.. rationales.Select(rationale => ofQuestion[rationale.QuestionId])];
    }

    /// <summary>
    /// Clusters vectors: k-means++, Lloyd's iterations to convergence, the best of ten restarts. The same input gives the same clusters, bit for bit.
    /// </summary>
    /// <param name="vectors">Vectors of one length.</param>
    /// <param name="clusters">K.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="cancel">Stops the search.</param>
    /// <returns>One cluster a vector, numbered from 0 by first occurrence.</returns>
    public static IReadOnlyList<int> Find(IReadOnlyList<float[]> vectors, int clusters, long seed, CancellationToken cancel) =>
        vectors.Count == 0 ? [] : KMeans.Cluster(vectors, clusters, restart => Seeds.Generator(seed, "question clusters", restart), cancel);
}
