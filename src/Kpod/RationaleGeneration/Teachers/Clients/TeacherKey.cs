using System.Text.RegularExpressions;

namespace Kpod.RationaleGeneration.Teachers.Clients;

/// <summary>A server's key: checked before it goes into a header, and taken out of what is shown or kept.</summary>
internal sealed class TeacherKey
{
    // Shorter ones are also words: as answer, stop or 7 they stand in sound texts and would be torn out of them.
    private const int ShortestOfItsOwn = 16;

    private const string Shown = "[key]";

    private readonly Regex _whole;
    private readonly bool _isNoWord;

    private TeacherKey(string value)
    {
        Value = value;
        _whole = new Regex($@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(value)}(?![\p{{L}}\p{{N}}])", RegexOptions.CultureInvariant);
        _isNoWord = value.Length >= ShortestOfItsOwn && value.Any(char.IsAsciiDigit);
    }

    /// <summary>The key itself; for the header alone.</summary>
    public string Value { get; }

    /// <summary>Reads a key.</summary>
    /// <param name="text">As the environment has it.</param>
    /// <returns>The key; null where there is none.</returns>
    /// <exception cref="KpodException">It holds what no header can; the message does not show it.</exception>
    public static TeacherKey? Read(string? text)
    {
        var value = text?.Trim();
        return string.IsNullOrEmpty(value) ? null
            : value.All(character => character is > ' ' and <= '~') ? new TeacherKey(value)
            : throw new KpodException($"{OpenAiChatClient.KeyVariable} holds a space, a line break or another character that is none of a key; set it to the key alone.");
    }

    /// <summary>What a server said of a failure, without the key.</summary>
    /// <param name="text">Its words.</param>
    /// <returns>The words with another in the key's place.</returns>
    public string WithoutIn(string text) => _whole.Replace(text, Shown);

    /// <summary>An answer without the key: one that is plainly a key, as a whole. A text is else left as it is.</summary>
    /// <param name="body">A body that holds an answer.</param>
    /// <returns>The body.</returns>
    public string WithoutInAnswer(string body) => _isNoWord ? WithoutIn(body) : body;
}
