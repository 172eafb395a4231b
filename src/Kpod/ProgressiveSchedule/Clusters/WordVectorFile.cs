using System.Buffers.Text;
using System.Text;

namespace Kpod.ProgressiveSchedule.Clusters;

/// <summary>
/// Reads word vectors in GloVe's text format: a word and its numbers a line, parted by single spaces. Words may hold spaces themselves (glove.840B has some);
/// a first line of two counts, as word2vec writes it, is passed over.
/// </summary>
internal static class WordVectorFile
{
    // 4,096 numbers of 16 characters fill a sixteenth of it; a longer line means that the file is something else.
    private const int LongestLine = 1 << 20;
    private const int MostNumbers = 4096;

    /// <summary>Reads the vectors of some words and passes over all others, so that the file may be larger than memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="words">The words wanted.</param>
    /// <param name="cancel">Stops between two blocks.</param>
    /// <returns>The vectors that the file has, all of one length; of a word that stands twice the first.</returns>
    /// <exception cref="KpodException">The file is missing or is no such file; the message names the line.</exception>
    public static IReadOnlyDictionary<string, float[]> Read(string path, IReadOnlySet<string> words, CancellationToken cancel)
    {
        var vectors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var numbers = 0;
        ForEachLine(path, Take, cancel);
        return vectors;

        void Take(long lineNumber, ReadOnlySpan<byte> line)
        {
            var fields = line.Count((byte)' ');
            if (lineNumber == 1 && IsHeader(line, fields))
            {
                return;
            }

            if (numbers == 0)
            {
                numbers = fields;
            }

            Check(path, lineNumber, fields, numbers);
            var wordEnd = line.Length;
            for (var field = 0; field < numbers; field++)
            {
                wordEnd = line[..wordEnd].LastIndexOf((byte)' ');
            }

            var word = Encoding.UTF8.GetString(line[..wordEnd]);
            if (words.Contains(word) && !vectors.ContainsKey(word))
            {
                vectors.Add(word, Numbers(path, lineNumber, line[(wordEnd + 1)..], numbers));
            }
        }
    }

    private static void Check(string path, long lineNumber, int fields, int numbers)
    {
        if (numbers is 0 or > MostNumbers)
        {
            throw new KpodException(
                $"{path}, line {lineNumber}: {numbers} numbers behind a word; a file of word vectors has 1 to {MostNumbers}, parted by single spaces.");
        }

        if (fields < numbers)
        {
            throw new KpodException($"{path}, line {lineNumber}: {fields} numbers where the lines before have {numbers}. The file is damaged or cut off.");
        }
    }

    private static float[] Numbers(string path, long lineNumber, ReadOnlySpan<byte> text, int count)
    {
        var vector = new float[count];
        for (var index = 0; index < count; index++)
        {
            var length = text.IndexOf((byte)' ');
            var field = length < 0 ? text : text[..length];
            if (!Utf8Parser.TryParse(field, out float value, out var consumed) || consumed != field.Length || !float.IsFinite(value))
            {
                var shown = Encoding.UTF8.GetString(field[..Math.Min(field.Length, 40)]);
                throw new KpodException($"{path}, line {lineNumber}: number {index + 1} is \"{shown}\", which is no finite number.");
            }

            vector[index] = value;
            text = length < 0 ? [] : text[(length + 1)..];
        }

        return vector;
    }

    private static bool IsHeader(ReadOnlySpan<byte> line, int fields)
    {
        var space = line.IndexOf((byte)' ');
        return fields == 1 && Utf8Parser.TryParse(line[..space], out long _, out var first) && first == space
            && Utf8Parser.TryParse(line[(space + 1)..], out long _, out var second) && second == line.Length - space - 1;
    }

    private delegate void LineAction(long lineNumber, ReadOnlySpan<byte> line);

    private static void ForEachLine(string path, LineAction action, CancellationToken cancel)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            var buffer = new byte[LongestLine];
            var held = 0;
            var lineNumber = 0L;
            while (stream.Read(buffer.AsSpan(held)) is var read && read > 0)
            {
                cancel.ThrowIfCancellationRequested();
                held += read;
                var start = 0;
                while (buffer.AsSpan(start, held - start).IndexOf((byte)'\n') is var length && length >= 0)
                {
                    Give(buffer.AsSpan(start, length));
                    start += length + 1;
                }

                if (start == 0 && held == buffer.Length)
                {
                    throw new KpodException($"{path}, line {lineNumber + 1}: longer than {LongestLine} bytes, so this is no file of word vectors.");
                }

                buffer.AsSpan(start, held - start).CopyTo(buffer);
                held -= start;
            }

            Give(buffer.AsSpan(0, held));

            void Give(ReadOnlySpan<byte> line)
            {
                lineNumber++;
                line = line.TrimEnd(" \r\t"u8);
                if (!line.IsEmpty)
                {
                    action(lineNumber, line);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KpodException($"{path}: cannot be read ({exception.Message})", exception);
        }
    }
}
