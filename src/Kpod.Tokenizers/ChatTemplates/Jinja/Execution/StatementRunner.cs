using Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Execution;

/// <summary>Carries out a template's statements and collects what they print.</summary>
internal sealed class StatementRunner
{
    private TemplateTextBuilder _output = new();

    private StatementRunner()
    {
    }

    /// <summary>Renders a template.</summary>
    /// <param name="statements">The template.</param>
    /// <param name="variables">What it is given.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="TemplateFault">It cannot be rendered.</exception>
    public static TemplateText Render(IReadOnlyList<Statement> statements, IEnumerable<KeyValuePair<string, object?>> variables)
    {
        var context = new Scope(null);
        foreach (var (name, value) in variables)
        {
            context.Set(name, value);
        }

        var runner = new StatementRunner();
        runner.Run(statements, new Scope(context));
        return runner._output.Length <= RenderBudget.LongestText ? runner._output.ToText()
            : throw new TemplateFault(TemplateFault.Limit, $"it writes {runner._output.Length} characters, more than any model reads") { Line = statements[^1].Line };
    }

    private Flow Run(IReadOnlyList<Statement> statements, Scope scope)
    {
        foreach (var statement in statements)
        {
            RenderBudget.Step();
            try
            {
                if (Run(statement, scope) is var flow and not Flow.Normal)
                {
                    return flow;
                }
            }
            catch (TemplateFault fault) when (fault.Line == 0)
            {
                fault.Line = statement.Line;
                throw;
            }
        }

        return Flow.Normal;
    }

    private Flow Run(Statement statement, Scope scope)
    {
        switch (statement)
        {
            case Statement.Data data:
                _output.Append(data.Text);
                return Flow.Normal;
            case Statement.Print print:
                _output.Append(PythonText.Str(ExpressionEvaluator.Evaluate(print.Value, scope)));
                return Flow.Normal;
            case Statement.Assign assign:
                Assign(assign.Target, ExpressionEvaluator.Evaluate(assign.Value, scope), scope);
                return Flow.Normal;
            case Statement.AssignBlock block:
                var text = Capture(() => Run(block.Body, new Scope(scope)));
                Assign(block.Target, block.Filter is null ? text : ExpressionEvaluator.ApplyFilters(block.Filter, text, scope), scope);
                return Flow.Normal;
            case Statement.If choice:
                return Run(choice, scope);
            case Statement.For loop:
                return Run(loop, scope);
            case Statement.Macro macro:
                scope.Set(macro.Name, MakeMacro(macro.Name, macro.Definition, scope));
                return Flow.Normal;
            case Statement.CallBlock block:
                Run(block, scope);
                return Flow.Normal;
            case Statement.FilterBlock block:
                var inner = new Scope(scope);
                _output.Append(PythonText.Str(ExpressionEvaluator.ApplyFilters(block.Filter, Capture(() => Run(block.Body, inner)), inner)));
                return Flow.Normal;
            case Statement.With with:
                return Run(with, scope);
            default:
                return statement is Statement.Break ? Flow.Break : Flow.Continue;
        }
    }

    private Flow Run(Statement.If choice, Scope scope)
    {
        foreach (var (condition, body) in choice.Branches)
        {
            if (PythonValues.IsTrue(ExpressionEvaluator.Evaluate(condition, scope)))
            {
                return Run(body, scope);
            }
        }

        return Run(choice.Otherwise, scope);
    }

    private Flow Run(Statement.With with, Scope scope)
    {
        var inner = new Scope(scope);
        var values = with.Assignments.Select(assignment => (assignment.Target, Value: ExpressionEvaluator.Evaluate(assignment.Value, scope))).ToArray();
        foreach (var (target, value) in values)
        {
            Assign(target, value, inner);
        }

        return Run(with.Body, inner);
    }

    private void Run(Statement.CallBlock block, Scope scope)
    {
        var caller = MakeMacro(null, block.Caller, scope);
        _output.Append(PythonText.Str(ExpressionEvaluator.Call(ExpressionEvaluator.Evaluate(block.Call.Target, scope), block.Call.Arguments, scope, caller)));
    }

    private Flow Run(Statement.For loop, Scope scope)
    {
        Loop(loop, ExpressionEvaluator.Evaluate(loop.Items, scope), scope, 0);
        return Flow.Normal;
    }

    private void Loop(Statement.For loop, object? items, Scope scope, int depth)
    {
        // An iterator and a filtered loop have no length until they are read.
        int? length = items is PythonIterator or Undefined || loop.Condition is not null || PythonValues.TryIterate(items) is null ? null : PythonValues.Length(items);
        var state = new LoopState(
            Filtered(loop, PythonValues.Iterate(items), scope), length, depth, loop.IsRecursive ? inner => Capture(() => Loop(loop, inner, scope, depth + 1)) : null);
        var hasEnded = false;
        while (state.Advance())
        {
            var body = new Scope(scope);
            body.Set("loop", state);
            Assign(loop.Target, state.Current, body);
            var flow = Run(loop.Body, body);
            hasEnded |= flow == Flow.Normal;
            if (flow == Flow.Break)
            {
                break;
            }
        }

        // As Jinja compiles it: a loop whose body never came to its end, every time by break or continue, counts as empty.
        if (!hasEnded)
        {
            Run(loop.Otherwise, new Scope(scope));
        }
    }

    private static IEnumerable<object?> Filtered(Statement.For loop, IEnumerable<object?> items, Scope scope) => loop.Condition is null ? items : items.Where(item =>
    {
        var test = new Scope(scope);
        Assign(loop.Target, item, test);
        return PythonValues.IsTrue(ExpressionEvaluator.Evaluate(loop.Condition, test));
    });

    private TemplateText Capture(Action print)
    {
        var outer = _output;
        _output = new TemplateTextBuilder();
        print();
        var text = _output.ToText();
        _output = outer;
        return text;
    }

    private MacroValue MakeMacro(string? name, MacroDefinition definition, Scope scope) => new(name, definition, call =>
    {
        var inner = new Scope(scope);
        MacroArguments.Bind(name ?? "caller", definition, call, inner);
        return Capture(() => Run(definition.Body, inner));
    });

    private static void Assign(AssignmentTarget target, object? value, Scope scope)
    {
        switch (target)
        {
            case AssignmentTarget.Name name:
                scope.Set(name.Identifier, value);
                break;
            case AssignmentTarget.NamespaceAttribute attribute:
                var owner = ExpressionEvaluator.Evaluate(new Expression.Name(attribute.Identifier), scope);
                var space = owner as PythonNamespace ?? throw new TemplateFault("TemplateRuntimeError", "cannot assign attribute on non-namespace object");
                space.Attributes.Set(TemplateText.Own(attribute.Attribute), value);
                break;
            case AssignmentTarget.Several several:
                var items = PythonValues.ToList(value);
                if (items.Count != several.Targets.Count)
                {
                    throw TemplateFault.Value(items.Count < several.Targets.Count
                        ? $"not enough values to unpack (expected {several.Targets.Count}, got {items.Count})"
                        : $"too many values to unpack (expected {several.Targets.Count})");
                }

                for (var index = 0; index < items.Count; index++)
                {
                    Assign(several.Targets[index], items[index], scope);
                }

                break;
        }
    }
}
