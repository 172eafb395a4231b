using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>Parses a template: Jinja's statements with <c>break</c>, <c>continue</c> and transformers' <c>generation</c>.</summary>
internal sealed class TemplateParser
{
    private readonly TokenStream _stream;
    private readonly ParserState _state;
    private readonly ExpressionParser _expressions;
    private readonly Stack<(string Tag, string[] Ends)> _open = new();
    private int _loops;

    private TemplateParser(IReadOnlyList<TemplateToken> tokens, Func<string, bool> isFilter, Func<string, bool> isTest)
    {
        _stream = new TokenStream(tokens);
        _state = new ParserState(_stream, isFilter, isTest);
        _expressions = new ExpressionParser(_state);
    }

    /// <summary>Parses a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="isFilter">Whether there is a filter of a name.</param>
    /// <param name="isTest">Whether there is a test of a name.</param>
    /// <returns>Its statements.</returns>
    /// <exception cref="TemplateFault">It is no sound template, or uses what is not implemented.</exception>
    public static IReadOnlyList<Statement> Parse(string source, Func<string, bool> isFilter, Func<string, bool> isTest)
    {
        var parser = new TemplateParser(Lexer.Tokenize(source), isFilter, isTest);
        var statements = parser.ParseStatements([]);
        parser._state.RefuseUnknownNames();
        return statements;
    }

    // Up to one of the end tags, which is not passed; the whole template where there are none.
    private List<Statement> ParseStatements(string[] ends)
    {
        var statements = new List<Statement>();
        while (_stream.Current.Kind != TokenKind.End)
        {
            var token = _stream.Next();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    statements.Add(new Statement.Data(token.Text) { Line = token.Line });
                    break;
                case TokenKind.VariableBegin:
                    statements.Add(new Statement.Print(_expressions.ParseTuple()) { Line = token.Line });
                    _stream.Expect(TokenKind.VariableEnd);
                    break;
                default:
                    if (_stream.Current.Kind == TokenKind.Name && ends.Contains(_stream.Current.Text))
                    {
                        return statements;
                    }

                    statements.AddRange(ParseStatement().Select(statement => statement with { Line = token.Line }));
                    _stream.Expect(TokenKind.BlockEnd);
                    break;
            }
        }

        return ends.Length == 0 ? statements
            : throw _stream.Fault($"Unexpected end of template. Jinja was looking for the following tags: {Quote(ends)}. The innermost block that needs to be closed is '{_open.Peek().Tag}'.");
    }

    private List<Statement> ParseStatement()
    {
        if (_stream.Current.Kind != TokenKind.Name)
        {
            throw _stream.Fault("tag name expected");
        }

        var tag = _stream.Next();
        return tag.Text switch
        {
            "set" => [ParseSet()],
            "for" => [ParseFor()],
            "if" => [ParseIf()],
            "macro" => [new Statement.Macro(_stream.Expect(TokenKind.Name).Text, ParseMacro("macro", takesSignature: true))],
            "call" => [ParseCall()],
            "filter" => [new Statement.FilterBlock(_expressions.ParseFilters(null, isBegun: true)!, ParseScope("filter"))],
            "with" => [ParseWith()],
            "print" => ParsePrint(),
            "generation" => [new Statement.With([], ParseScope("generation"))],
            "block" => [ParseBlock()],
            "break" => _loops > 0 ? [new Statement.Break()] : throw _stream.Fault("'break' outside loop"),
            "continue" => _loops > 0 ? [new Statement.Continue()] : throw _stream.Fault("'continue' not properly in loop"),
            "autoescape" or "extends" or "include" or "import" or "from" => throw _stream.Fault($"the tag '{tag.Text}' is not implemented; a chat template stands alone and is not escaped"),
            _ => throw _stream.Fault($"Encountered unknown tag '{tag.Text}'.{Sought()}"),
        };
    }

    private string Sought() => _open.Count == 0 ? string.Empty
        : $" Jinja was looking for the following tags: {Quote(_open.Peek().Ends)}. The innermost block that needs to be closed is '{_open.Peek().Tag}'.";

    private static string Quote(string[] tags) => string.Join(" or ", tags.Select(tag => $"'{tag}'"));

    // Behind the tag's own words: an optional colon, its end, and what stands up to the end tag, which is passed where there is but one.
    private List<Statement> ParseBody(string tag, string[] ends)
    {
        _stream.PassOperator(":");
        _stream.Expect(TokenKind.BlockEnd);
        _open.Push((tag, ends));
        var body = _state.Deeper(() => ParseStatements(ends));
        _open.Pop();
        if (ends.Length == 1)
        {
            _stream.Next();
        }

        return body;
    }

    private List<Statement> ParseScope(string tag) => OutsideLoops(() => _state.Within(isConditional: false, () => ParseBody(tag, [$"end{tag}"])));

    // Code of its own, which cannot break out of the loop around it.
    private T OutsideLoops<T>(Func<T> parse)
    {
        var loops = _loops;
        _loops = 0;
        var parsed = parse();
        _loops = loops;
        return parsed;
    }

    private Statement ParseSet()
    {
        var target = ParseTarget(end: null);
        if (_stream.PassOperator("="))
        {
            return new Statement.Assign(target, _expressions.ParseTuple());
        }

        var filter = _expressions.ParseFilters(null);
        return new Statement.AssignBlock(target, filter, _state.Within(isConditional: false, () => ParseBody("set", ["endset"])));
    }

    private Statement.For ParseFor()
    {
        var target = ParseTarget(end: "in");
        _stream.ExpectName("in");
        var items = _expressions.ParseTuple(allowsConditional: false, end: "recursive");
        var condition = _stream.PassName("if") ? _expressions.Parse() : null;
        var isRecursive = _stream.PassName("recursive");
        _loops++;
        var body = _state.Within(isConditional: false, () => ParseBody("for", ["endfor", "else"]));
        _loops--;
        var otherwise = _stream.Next().Text == "else" ? _state.Within(isConditional: false, () => ParseBody("for", ["endfor"])) : [];
        return new Statement.For(target, items, condition, isRecursive, body, otherwise);
    }

    private Statement.If ParseIf()
    {
        var branches = new List<(Expression, IReadOnlyList<Statement>)>();
        while (true)
        {
            var branch = _state.Within<(Expression, IReadOnlyList<Statement>)>(isConditional: true, () => (_expressions.ParseTuple(allowsConditional: false), ParseBody("if", ["elif", "else", "endif"])));
            branches.Add(branch);
            switch (_stream.Next().Text)
            {
                case "elif":
                    continue;
                case "else":
                    return new Statement.If(branches, _state.Within(isConditional: true, () => ParseBody("if", ["endif"])));
                default:
                    return new Statement.If(branches, []);
            }
        }
    }

    private Statement.With ParseWith()
    {
        var assignments = new List<(AssignmentTarget, Expression)>();
        while (_stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0)
            {
                _stream.ExpectOperator(",");
            }

            var target = ParseTarget(end: null);
            _stream.ExpectOperator("=");
            assignments.Add((target, _expressions.Parse()));
        }

        return new Statement.With(assignments, _state.Within(isConditional: false, () => ParseBody("with", ["endwith"])));
    }

    private Statement.With ParseBlock()
    {
        var name = _stream.Expect(TokenKind.Name).Text;
        _stream.PassName("scoped");
        var body = ParseScope("block");
        _stream.PassName(name);
        return new Statement.With([], body);
    }

    private List<Statement> ParsePrint()
    {
        var printed = new List<Statement>();
        while (_stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (printed.Count > 0)
            {
                _stream.ExpectOperator(",");
            }

            printed.Add(new Statement.Print(_expressions.Parse()));
        }

        return printed;
    }

    private Statement.CallBlock ParseCall()
    {
        var parameters = _stream.Current.IsOperator("(") ? ParseSignature() : [];
        var call = _expressions.Parse() as Expression.Call ?? throw _stream.Fault("expected call");
        return new Statement.CallBlock(ParseMacro("call", takesSignature: false) with { Parameters = parameters }, call);
    }

    private MacroDefinition ParseMacro(string tag, bool takesSignature)
    {
        var parameters = takesSignature ? ParseSignature() : [];
        var (body, names) = _state.CollectNames(() => ParseScope(tag));
        return new MacroDefinition(parameters, body, names);
    }

    private List<Parameter> ParseSignature()
    {
        _stream.ExpectOperator("(");
        var parameters = new List<Parameter>();
        while (!_stream.PassOperator(")"))
        {
            if (parameters.Count > 0)
            {
                _stream.ExpectOperator(",");
            }

            var name = _stream.Expect(TokenKind.Name).Text;
            var value = _stream.PassOperator("=") ? _expressions.Parse()
                : parameters.Any(parameter => parameter.Default is not null) ? throw _stream.Fault("non-default argument follows default argument")
                : null;
            parameters.Add(new Parameter(name, value));
        }

        return parameters;
    }

    private AssignmentTarget ParseTarget(string? end)
    {
        var targets = new List<AssignmentTarget>();
        while (true)
        {
            targets.Add(_stream.PassOperator("(") ? ParseBracketedTarget() : ParseNameTarget());
            if (!_stream.PassOperator(","))
            {
                return targets.Count == 1 ? targets[0] : new AssignmentTarget.Several(targets);
            }

            if (_stream.Current.IsOperator("=") || _stream.Current.IsOperator(")") || _stream.Current.Kind == TokenKind.BlockEnd || (end is not null && _stream.Current.IsName(end)))
            {
                return new AssignmentTarget.Several(targets);
            }
        }
    }

    private AssignmentTarget ParseBracketedTarget()
    {
        var inner = _state.Deeper(() => ParseTarget(end: null));
        _stream.ExpectOperator(")");
        return inner;
    }

    private AssignmentTarget ParseNameTarget()
    {
        var name = _stream.Expect(TokenKind.Name).Text;
        if (name is "true" or "false" or "none" or "True" or "False" or "None")
        {
            throw _stream.Fault("can't assign to 'const'");
        }

        return _stream.PassOperator(".") ? new AssignmentTarget.NamespaceAttribute(name, _stream.Expect(TokenKind.Name).Text) : new AssignmentTarget.Name(name);
    }
}
