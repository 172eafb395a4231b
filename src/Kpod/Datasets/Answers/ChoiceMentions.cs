using System.Text.RegularExpressions;

namespace Kpod.Datasets.Answers;

/// <summary>Finds which choices a passage names, by letter or by text, without those that it rules out.</summary>
internal sealed partial class ChoiceMentions
{
    private static readonly HashSet<string> Negators = ["not", "isn't", "aren't", "wasn't", "never", "neither", "nor", "no", "unlike", "don't", "doesn't", "cannot", "can't", "eliminate", "exclude"];
    private static readonly HashSet<string> Rejections = ["wrong", "incorrect", "false", "not", "isn't", "doesn't", "cannot", "can't", "unlikely", "irrelevant", "eliminated"];
    private static readonly HashSet<string> LetterNouns = ["option", "choice", "letter", "answer", "choose", "chose", "pick", "select", "options", "choices"];
    private static readonly HashSet<string> AfterLetter = ["because", "since", "as", "is", "and", "or", "not", "but", "are"];
    private static readonly HashSet<string> Articles = ["a", "an", "the", "to"];

    private readonly IReadOnlyDictionary<string, string> _choices;
    private readonly List<(string Letter, string[] Words)> _texts;

    /// <summary>Prepares the choices of one question.</summary>
    /// <param name="choices">Letter and text of each choice.</param>
    public ChoiceMentions(IReadOnlyDictionary<string, string> choices)
    {
        _choices = choices;
        _texts = [.. choices.Select(choice => (choice.Key, WithoutArticle(Split(choice.Value.ToLowerInvariant())))).Where(choice => choice.Item2.Length > 0).DistinctBy(choice => string.Join(' ', choice.Item2))];
    }

    /// <summary>Cuts a passage into words and signs.</summary>
    public static string[] Split(string passage) => [.. Piece().Matches(passage).Select(match => match.Value)];

    /// <summary>The letters that a passage names and does not rule out, each once, in order; a letter that no choice has is among them.</summary>
    /// <param name="pieces">The passage.</param>
    /// <param name="announced">Whether the passage stands behind "the answer is": then it may begin with a bare small letter.</param>
    public List<string> Letters(string[] pieces, bool announced)
    {
        var letters = new List<string>();
        var inside = InsideTexts(pieces);
        for (var index = 0; index < pieces.Length; index++)
        {
            if (!inside[index] && IsLetter(pieces, index, announced) && !IsRuledOut(pieces, index, index) && !IsRejected(pieces, index))
            {
                letters.Add(_choices.Keys.FirstOrDefault(key => key.Equals(pieces[index], StringComparison.OrdinalIgnoreCase)) ?? pieces[index].ToUpperInvariant());
            }
        }

        return [.. letters.Distinct()];
    }

    /// <summary>The choices whose text a passage names and does not rule out; where texts overlap, the longest counts.</summary>
    /// <param name="pieces">The passage.</param>
    public List<string> Texts(string[] pieces)
    {
        var found = new List<(int Start, int Length, string Letter)>();
        foreach (var (letter, words) in _texts)
        {
            for (var start = 0; start + words.Length <= pieces.Length; start++)
            {
                if (IsHere(pieces, start, words) && (words.Length > 1 || !Articles.Contains(words[0]) || pieces.Length == 1))
                {
                    found.Add((start, words.Length, letter));
                }
            }
        }

        var longest = new List<(int Start, int Length, string Letter)>();
        foreach (var mention in found.OrderByDescending(mention => mention.Length).ThenBy(mention => mention.Start))
        {
            if (!longest.Any(other => mention.Start < other.Start + other.Length && other.Start < mention.Start + mention.Length))
            {
                longest.Add(mention);
            }
        }

        return [.. longest.OrderBy(mention => mention.Start).Where(mention => !IsRuledOut(pieces, mention.Start, mention.Start)).Select(mention => mention.Letter).Distinct()];
    }

    // "C, both A and B": the letters within the text of a choice name no choice.
    private bool[] InsideTexts(string[] pieces)
    {
        var inside = new bool[pieces.Length];
        foreach (var (_, words) in _texts.Where(choice => choice.Words.Length > 1 && choice.Words.Any(word => word.Length == 1)))
        {
            for (var start = 0; start + words.Length <= pieces.Length; start++)
            {
                if (IsHere(pieces, start, words))
                {
                    Array.Fill(inside, true, start, words.Length);
                }
            }
        }

        return inside;
    }

    private static bool IsHere(string[] pieces, int start, string[] words)
    {
        for (var index = 0; index < words.Length; index++)
        {
            var piece = pieces[start + index].ToLowerInvariant();
            if (piece != words[index] && (index < words.Length - 1 || Singular(piece) != Singular(words[index])))
            {
                return false;
            }
        }

        return true;
    }

    private static string Singular(string word) => word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;

    private bool IsLetter(string[] pieces, int index, bool announced)
    {
        var piece = pieces[index];
        if (piece.Length != 1 || !char.IsAsciiLetterOrDigit(piece[0]) || (char.IsAsciiDigit(piece[0]) && !_choices.ContainsKey(piece)))
        {
            return false;
        }

        var before = index > 0 ? pieces[index - 1] : string.Empty;
        var after = index + 1 < pieces.Length ? pieces[index + 1] : string.Empty;
        if (before is "(" or "[" && after is ")" or "]")
        {
            return true;
        }

        var ends = after is "" or "." or ")" or "]" or ":" or "," or ";" or "!" or "\"" or "'";
        var named = LetterNouns.Contains(before.ToLowerInvariant());
        var known = _choices.Keys.Any(key => key.Equals(piece, StringComparison.OrdinalIgnoreCase));
        if (char.IsAsciiLetterUpper(piece[0]) || char.IsAsciiDigit(piece[0]))
        {
            return known && (piece is not ("A" or "I") || ends || named || AfterLetter.Contains(after));
        }

        return known && ends && ((announced && pieces.Take(index).All(earlier => !char.IsLetterOrDigit(earlier[0]))) || named);
    }

    // "not B", "neither the desert nor"; a comma, colon or "but" ends the reach of the word.
    private static bool IsRuledOut(string[] pieces, int start, int from)
    {
        for (var index = start - 1; index >= 0 && index >= from - 4; index--)
        {
            var piece = pieces[index].ToLowerInvariant();
            if (piece is "," or ":" or ";" or "." or "but" or "only")
            {
                return false;
            }

            if (Negators.Contains(piece) || (piece == "of" && index > 0 && pieces[index - 1].Equals("instead", StringComparison.OrdinalIgnoreCase))
                || (piece == "than" && index > 0 && pieces[index - 1].Equals("rather", StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRejected(string[] pieces, int letter)
    {
        for (var index = letter + 1; index < pieces.Length && index <= letter + 4; index++)
        {
            var piece = pieces[index].ToLowerInvariant();
            var nextIsLetter = index + 1 < pieces.Length && pieces[index + 1].Length == 1 && char.IsAsciiLetterUpper(pieces[index + 1][0]);
            if (piece is ";" or "." or "but" or "(" || (piece is "and" or "or" or "," && !nextIsLetter))
            {
                return false;
            }

            if (Rejections.Contains(piece))
            {
                return true;
            }
        }

        return false;
    }

    private static string[] WithoutArticle(string[] words)
    {
        var bare = words.Where(word => char.IsLetterOrDigit(word[0])).ToArray();
        return bare.Length > 1 && Articles.Contains(bare[0]) ? bare[1..] : bare;
    }

    [GeneratedRegex(@"\d+(?:[.,]\d+)+|[\p{L}\p{Nd}]+(?:'\p{L}+)?|\S", RegexOptions.CultureInvariant)]
    private static partial Regex Piece();
}
