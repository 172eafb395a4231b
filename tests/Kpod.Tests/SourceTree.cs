using System.Text.RegularExpressions;

namespace Kpod.Tests;

/// <summary>The folders of an assembly and which of them use types of which, read from the sources: what a compiler cannot hold within one assembly.</summary>
internal sealed partial class SourceTree
{
    private readonly List<Arrow> _arrows = [];

    /// <summary>An arrow between two folders, with one use that makes it.</summary>
    public sealed record Arrow(string From, string To, string Use)
    {
        public override string ToString() => $"{From} uses {To} ({Use})";
    }

    public static SourceTree Read(string root)
    {
        var sources = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllText);
        var bare = sources.ToDictionary(pair => pair.Key, pair => Noise().Replace(pair.Value, " "));
        var declared = bare.SelectMany(pair => TypeName().Matches(pair.Value).Select(match => (Type: match.Groups[1].Value, File: pair.Key)))
            .GroupBy(pair => pair.Type).ToDictionary(group => group.Key, group => group.Select(pair => pair.File).ToArray());
        var tree = new SourceTree();
        foreach (var (file, text) in bare)
        {
            // A name after a dot is a member, and one that several files declare cannot be told from its spelling.
            foreach (var word in Word().Matches(text).Select(match => match.Value).Distinct())
            {
                if (declared.TryGetValue(word, out var at) && at is [var home] && Sees(sources[file], sources[home], FolderOf(file), FolderOf(home)))
                {
                    tree._arrows.Add(new Arrow(FolderOf(file), FolderOf(home), $"{Path.GetFileName(file)} names {word}"));
                }
            }
        }

        return tree;
    }

    /// <summary>The arrows between different folders.</summary>
    public IEnumerable<Arrow> Arrows() => _arrows.Where(arrow => arrow.From != arrow.To).DistinctBy(arrow => (arrow.From, arrow.To));

    /// <summary>The folders that are reached from themselves, each with a way back.</summary>
    public IReadOnlyList<string> Circles()
    {
        var arrows = Arrows().ToLookup(arrow => arrow.From);
        var circles = new List<string>();
        foreach (var start in arrows.Select(group => group.Key))
        {
            var ways = new Dictionary<string, string>();
            var ahead = new Queue<(string Folder, string Way)>([(start, string.Empty)]);
            while (ahead.TryDequeue(out var here))
            {
                foreach (var arrow in arrows[here.Folder].Where(arrow => ways.TryAdd(arrow.To, $"{here.Way}{arrow}; ")))
                {
                    ahead.Enqueue((arrow.To, ways[arrow.To]));
                }
            }

            if (ways.TryGetValue(start, out var back))
            {
                circles.Add(back);
            }
        }

        return circles;
    }

    // A namespace is seen from within itself and where it is named; unneeded usings do not build.
    private static bool Sees(string source, string home, string from, string to)
    {
        var space = Namespace().Match(home).Groups[1].Value;
        return from == to || from.StartsWith(to + "/", StringComparison.Ordinal) || to.Length == 0 || source.Contains($"using {space};", StringComparison.Ordinal);
    }

    private static string FolderOf(string file) => Path.GetDirectoryName(file)!.Replace('\\', '/');

    [GeneratedRegex("""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|^using [^\n]*;$""", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Noise();

    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|readonly|partial|unsafe|ref) +)*(?:class|record struct|record|struct|enum|interface|delegate [^ ]+) +(\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex Word();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
