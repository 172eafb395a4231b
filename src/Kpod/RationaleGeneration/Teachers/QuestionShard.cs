using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>
/// One of several machines' shares of a data set. Which share a question belongs to follows from its id alone: the first eight bytes of the id's SHA-256 (UTF-8), read as a big-endian number, modulo the number of
/// shares. So neither the order nor the other questions matter, and any program can tell.
/// </summary>
/// <param name="Number">Which share, from 1.</param>
/// <param name="Count">How many shares there are.</param>
public sealed record QuestionShard(int Number, int Count)
{
    /// <summary>Reads <c>i/n</c>, such as <c>2/8</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The share.</returns>
    /// <exception cref="KpodException">It is not of that form, or i is not from 1 to n.</exception>
    public static QuestionShard Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && Number(parts[0]) is { } number && Number(parts[1]) is { } count && number >= 1 && number <= count
            ? new QuestionShard(number, count)
            : throw new KpodException($"the shard '{text}' is none; give i/n, i from 1 to n, such as 2/8 for the second of eight.");

        static int? Number(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Whether a question is one of this share.</summary>
    /// <param name="questionId">The question's id.</param>
    /// <returns>True for exactly one of the shares.</returns>
    public bool Holds(string questionId) => NumberOf(questionId, Count) == Number;

    /// <summary>The questions of this share, in their order.</summary>
    /// <param name="questions">All questions.</param>
    /// <returns>Those of this share.</returns>
    public IReadOnlyList<Question> Of(IReadOnlyList<Question> questions) => [.. questions.Where(question => Holds(question.Id))];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    private static int NumberOf(string questionId, int count) =>
        (int)(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(questionId))) % (ulong)count) + 1;
}
