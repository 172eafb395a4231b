namespace Kpod.LanguageModels;

/// <summary>How an encoder-decoder lays a teacher-forced batch out: prompts for the encoder, responses shifted right behind a start token for the decoder, both padded on the right.</summary>
internal static class EncoderDecoderLayout
{
    /// <summary>Pads prompts.</summary>
    /// <param name="prompts">Token ids per sequence, at least one each.</param>
    /// <returns>Ids (sequences, tokens), and which of them are tokens; null for the latter where nothing is padded.</returns>
    /// <exception cref="ArgumentException">There is no prompt, or an empty one.</exception>
    public static (long[,] Ids, bool[,]? IsToken) Pad(IReadOnlyList<int[]> prompts)
    {
        if (prompts.Count == 0 || prompts.Any(prompt => prompt.Length == 0))
        {
            throw new ArgumentException("An encoder needs at least one token a sequence; give each prompt its end token.");
        }

        var width = prompts.Max(prompt => prompt.Length);
        var ids = new long[prompts.Count, width];
        var isToken = new bool[prompts.Count, width];
        for (var row = 0; row < prompts.Count; row++)
        {
            for (var column = 0; column < prompts[row].Length; column++)
            {
                ids[row, column] = prompts[row][column];
                isToken[row, column] = true;
            }
        }

        return (ids, prompts.All(prompt => prompt.Length == width) ? null : isToken);
    }

    /// <summary>Shifts responses right behind the start token and cuts what predicts nothing that is supervised.</summary>
    /// <param name="batch">The sequences.</param>
    /// <param name="startId">The decoder's start token.</param>
    /// <returns>Decoder ids (sequences, tokens), and for each supervised token the flat index of the position that predicts it.</returns>
    public static (long[,] Ids, long[] PredictingRows) Shift(TeacherForcedBatch batch, int startId)
    {
        var width = batch.Supervised.Max(mask => Array.LastIndexOf(mask, true)) + 1;
        var ids = new long[batch.Count, width];
        var rows = new List<long>(batch.SupervisedCount);
        for (var row = 0; row < batch.Count; row++)
        {
            var response = batch.Responses[row];
            ids[row, 0] = startId;
            for (var position = 1; position < Math.Min(width, response.Length); position++)
            {
                ids[row, position] = response[position - 1];
            }

            for (var token = 0; token < response.Length; token++)
            {
                if (batch.Supervised[row][token])
                {
                    rows.Add(((long)row * width) + token);
                }
            }
        }

        return (ids, [.. rows]);
    }
}
