namespace Kpod.LanguageModels;

/// <summary>How a causal model lays a teacher-forced batch out: prompt and response joined, padded on the right, so that plain causal attention never sees padding.</summary>
internal static class CausalLayout
{
    /// <summary>Joins prompts and responses and cuts what predicts nothing that is supervised.</summary>
    /// <param name="batch">The sequences.</param>
    /// <returns>Ids (sequences, tokens), and for each supervised token the flat index of the token before it, whose state predicts it.</returns>
    /// <exception cref="ArgumentException">A supervised token has no token before it.</exception>
    public static (long[,] Ids, long[] PredictingRows) Join(TeacherForcedBatch batch)
    {
        var lengths = new int[batch.Count];
        for (var row = 0; row < batch.Count; row++)
        {
            // The last supervised token is only predicted, never read.
            lengths[row] = batch.Prompts[row].Length + Array.LastIndexOf(batch.Supervised[row], true);
        }

        var width = Math.Max(0, lengths.Max());
        var ids = new long[batch.Count, width];
        var rows = new List<long>(batch.SupervisedCount);
        for (var row = 0; row < batch.Count; row++)
        {
            var (prompt, response) = (batch.Prompts[row], batch.Responses[row]);
            for (var position = 0; position < lengths[row]; position++)
            {
                ids[row, position] = position < prompt.Length ? prompt[position] : response[position - prompt.Length];
            }

            for (var token = 0; token < response.Length; token++)
            {
                if (!batch.Supervised[row][token])
                {
                    continue;
                }

                if (prompt.Length + token == 0)
                {
                    throw new ArgumentException($"The first token of sequence {row} is supervised, but a causal model cannot predict it from nothing; give it a prompt.");
                }

                rows.Add(((long)row * width) + prompt.Length + token - 1);
            }
        }

        return (ids, [.. rows]);
    }
}
