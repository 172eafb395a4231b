using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>What both halves of the parser share: the tokens, how deep they are nested, and the names met on the way.</summary>
/// <param name="stream">The tokens.</param>
/// <param name="isFilter">Whether there is a filter of a name.</param>
/// <param name="isTest">Whether there is a test of a name.</param>
internal sealed class ParserState(TokenStream stream, Func<string, bool> isFilter, Func<string, bool> isTest)
{
    // Jinja gives up at about seventy brackets within each other, when Python's stack is used up.
    private const int DeepestNesting = 150;

    private readonly List<HashSet<string>> _macroNames = [];
    private readonly List<TemplateFault> _unknownNames = [];
    private int _depth;

    /// <summary>The tokens.</summary>
    public TokenStream Stream => stream;

    /// <summary>
    /// Whether the code here may never run, being in a branch of an <c>if</c>: an unknown filter is an error there only when it is reached. A scope within begins
    /// anew.
    /// </summary>
    public bool IsConditional { get; set; }

    /// <summary>Number of unknown filters and tests met so far that make the template invalid.</summary>
    public int UnknownNames => _unknownNames.Count;

    /// <summary>Parses something one level deeper.</summary>
    /// <typeparam name="T">What.</typeparam>
    /// <param name="parse">Parses it.</param>
    /// <returns>It.</returns>
    /// <exception cref="TemplateFault">It is nested too deep.</exception>
    public T Deeper<T>(Func<T> parse)
    {
        if (++_depth > DeepestNesting)
        {
            throw stream.Fault($"nested more than {DeepestNesting} deep");
        }

        var parsed = parse();
        _depth--;
        return parsed;
    }

    /// <summary>Parses a scope of its own.</summary>
    /// <typeparam name="T">What.</typeparam>
    /// <param name="isConditional">Whether it may never run.</param>
    /// <param name="parse">Parses it.</param>
    /// <returns>It.</returns>
    public T Within<T>(bool isConditional, Func<T> parse)
    {
        var outer = IsConditional;
        IsConditional = isConditional;
        var parsed = Deeper(parse);
        IsConditional = outer;
        return parsed;
    }

    /// <summary>Parses the body of a macro and collects the variables that it reads.</summary>
    /// <typeparam name="T">What.</typeparam>
    /// <param name="parse">Parses it.</param>
    /// <returns>It, and the names.</returns>
    public (T Parsed, IReadOnlySet<string> Names) CollectNames<T>(Func<T> parse)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        _macroNames.Add(names);
        var parsed = parse();
        _macroNames.Remove(names);
        return (parsed, names);
    }

    /// <summary>Notes that a variable is read.</summary>
    /// <param name="name">Its name.</param>
    public void NoteName(string name)
    {
        foreach (var names in _macroNames)
        {
            names.Add(name);
        }
    }

    /// <summary>Notes that a filter or test is used.</summary>
    /// <param name="ofFilter">Which.</param>
    /// <param name="name">Its name.</param>
    public void NoteUse(bool ofFilter, string name)
    {
        if (!IsConditional && !(ofFilter ? isFilter(name) : isTest(name)))
        {
            _unknownNames.Add(new TemplateFault(TemplateFault.Assertion, $"No {(ofFilter ? "filter" : "test")} named '{name}'.") { Line = stream.Current.Line });
        }
    }

    /// <summary>Forgives unknown names, because what holds them may never run.</summary>
    /// <param name="count">How many are kept.</param>
    public void ForgiveUnknownNames(int count) => _unknownNames.RemoveRange(count, _unknownNames.Count - count);

    /// <summary>Ends parsing.</summary>
    /// <exception cref="TemplateFault">An unknown filter or test is used.</exception>
    public void RefuseUnknownNames()
    {
        if (_unknownNames.Count > 0)
        {
            throw _unknownNames[0];
        }
    }
}
