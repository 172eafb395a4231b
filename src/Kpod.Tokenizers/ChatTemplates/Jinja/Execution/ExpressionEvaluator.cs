using Kpod.Tokenizers.ChatTemplates.Jinja.Filters;
using Kpod.Tokenizers.ChatTemplates.Jinja.Operations;
using Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Execution;

/// <summary>Evaluates expressions.</summary>
internal static class ExpressionEvaluator
{
    /// <summary>Evaluates an expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="scope">The variables.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="TemplateFault">It has none.</exception>
    public static object? Evaluate(Expression expression, Scope scope)
    {
        RenderBudget.Step();
        return expression switch
        {
            Expression.Constant constant => constant.Value,
            Expression.Name name => scope.TryGet(name.Identifier, out var value) ? value : Undefined.Variable(name.Identifier),
            Expression.Attribute attribute => PythonMembers.Attribute(Evaluate(attribute.Target, scope), attribute.Identifier),
            Expression.Item item => EvaluateItem(item, scope),
            Expression.Call call => Call(Evaluate(call.Target, scope), call.Arguments, scope),
            Expression.Filter filter => Filter(filter, Evaluate(filter.Target!, scope), scope),
            Expression.Test test => TestTable.Apply(test.Identifier, Evaluate(test.Target, scope), Arguments(test.Identifier, test.Arguments, scope)),
            Expression.Not not => !PythonValues.IsTrue(Evaluate(not.Operand, scope)),
            Expression.Signed signed => PythonOperators.Sign(signed.IsMinus, Evaluate(signed.Operand, scope)),
            Expression.Arithmetic arithmetic => PythonOperators.Apply(arithmetic.Symbol, Evaluate(arithmetic.Left, scope), Evaluate(arithmetic.Right, scope)),
            Expression.Joined joined => TemplateTextBuilder.Join(joined.Parts.Select(part => PythonText.Str(Evaluate(part, scope)))),
            Expression.Comparison comparison => Compare(comparison, scope),
            Expression.And and => Evaluate(and.Left, scope) is var left && PythonValues.IsTrue(left) ? Evaluate(and.Right, scope) : left,
            Expression.Or or => Evaluate(or.Left, scope) is var left && PythonValues.IsTrue(left) ? left : Evaluate(or.Right, scope),
            Expression.Conditional conditional => Choose(conditional, scope),
            Expression.Sequence { IsTuple: true } tuple => new PythonTuple(EvaluateAll(tuple.Items, scope)),
            Expression.Sequence list => new PythonList(EvaluateAll(list.Items, scope)),
            Expression.Mapping mapping => EvaluateMapping(mapping, scope),
            Expression.Slice => throw TemplateFault.NotImplemented("a slice beside another index"),
            _ => throw new InvalidOperationException($"{expression.GetType().Name} is no expression that is known."),
        };
    }

    /// <summary>Applies the filters of a filter block or set block to what its body printed.</summary>
    /// <param name="filters">The filters; the innermost has no target.</param>
    /// <param name="body">The text.</param>
    /// <param name="scope">The variables.</param>
    /// <returns>The result.</returns>
    public static object? ApplyFilters(Expression filters, TemplateText body, Scope scope)
    {
        var filter = (Expression.Filter)filters;
        return Filter(filter, filter.Target is null ? body : ApplyFilters(filter.Target, body, scope), scope);
    }

    /// <summary>Calls a value.</summary>
    /// <param name="target">What is called.</param>
    /// <param name="arguments">The arguments as written.</param>
    /// <param name="scope">The variables.</param>
    /// <param name="caller">What <c>caller</c> is to be; null for nothing.</param>
    /// <returns>The result.</returns>
    /// <exception cref="TemplateFault">It cannot be called, or not so.</exception>
    public static object? Call(object? target, ArgumentList arguments, Scope scope, MacroValue? caller = null)
    {
        var name = target switch { PythonFunction function => function.Name, MacroValue macro => macro.Name, _ => "loop" };
        var evaluated = target is Undefined ? null : Arguments(name, arguments, scope);
        if (caller is not null && evaluated is not null)
        {
            evaluated = evaluated with { Named = [.. evaluated.Named, KeyValuePair.Create<string, object?>("caller", caller)] };
        }

        return target switch
        {
            Undefined undefined => throw undefined.Fault(),
            PythonFunction function => function.Call(evaluated!),
            MacroValue macro => macro.Call(evaluated!),
            LoopState loop => loop.Recurse(evaluated!.Bind(("iterable", CallArguments.Required))[0]),
            _ => throw TemplateFault.Type($"'{TypeNames.Of(target)}' object is not callable"),
        };
    }

    private static object? EvaluateItem(Expression.Item item, Scope scope)
    {
        var owner = Evaluate(item.Target, scope);
        if (item.Index is not Expression.Slice slice)
        {
            return PythonMembers.Item(owner, Evaluate(item.Index, scope));
        }

        var (start, stop, step) = (Optional(slice.Start), Optional(slice.Stop), Optional(slice.Step));
        try
        {
            return PythonMembers.Slice(owner, start, stop, step);
        }
        catch (TemplateFault fault) when (fault.Kind == TemplateFault.TypeError && IsLiteral(item.Target))
        {
            // Jinja computes literals beforehand, and there a wrong subscript is undefined.
            return Undefined.Member(owner, start);
        }

        object? Optional(Expression? bound) => bound is null ? null : Evaluate(bound, scope);
    }

    private static bool IsLiteral(Expression expression) => expression switch
    {
        Expression.Constant => true,
        Expression.Signed signed => IsLiteral(signed.Operand),
        Expression.Sequence sequence => sequence.Items.All(IsLiteral),
        Expression.Mapping mapping => mapping.Entries.All(entry => IsLiteral(entry.Key) && IsLiteral(entry.Value)),
        _ => false,
    };

    private static object? Filter(Expression.Filter filter, object? value, Scope scope) =>
        FilterTable.Apply(filter.Identifier, value, Arguments(filter.Identifier, filter.Arguments, scope));

    private static bool Compare(Expression.Comparison comparison, Scope scope)
    {
        var left = Evaluate(comparison.First, scope);
        foreach (var (symbol, operand) in comparison.Others)
        {
            var right = Evaluate(operand, scope);
            if (!PythonOperators.Holds(symbol, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    private static object? Choose(Expression.Conditional conditional, Scope scope) => PythonValues.IsTrue(Evaluate(conditional.Condition, scope))
        ? Evaluate(conditional.Value, scope)
        : conditional.Other is { } other ? Evaluate(other, scope)
        : new Undefined("the inline if-expression evaluated to false and no else section was defined.");

    private static PythonDictionary EvaluateMapping(Expression.Mapping mapping, Scope scope)
    {
        var dictionary = new PythonDictionary();
        foreach (var (key, value) in mapping.Entries)
        {
            dictionary.Set(Evaluate(key, scope), Evaluate(value, scope));
        }

        return dictionary;
    }

    private static object?[] EvaluateAll(IReadOnlyList<Expression> expressions, Scope scope) => [.. expressions.Select(item => Evaluate(item, scope))];

    private static CallArguments Arguments(string function, ArgumentList arguments, Scope scope)
    {
        if (ReferenceEquals(arguments, ArgumentList.None))
        {
            return new CallArguments(function, [], []);
        }

        var positional = EvaluateAll(arguments.Positional, scope).ToList();
        if (arguments.Spread is not null)
        {
            positional.AddRange(PythonValues.Iterate(Evaluate(arguments.Spread, scope)));
        }

        var named = arguments.Named.Select(argument => KeyValuePair.Create(argument.Name, Evaluate(argument.Value, scope))).ToList();
        if (arguments.NamedSpread is not null)
        {
            var spread = Evaluate(arguments.NamedSpread, scope) as PythonDictionary ?? throw TemplateFault.Type($"{function}() argument after ** must be a mapping");
            named.AddRange(spread.Entries.Select(entry => KeyValuePair.Create(TextMethods.Expect(entry.Key, function).Value, entry.Value)));
        }

        var twice = named.CountBy(argument => argument.Key).FirstOrDefault(count => count.Value > 1).Key;
        return twice is null ? new CallArguments(function, positional, named) : throw TemplateFault.Type($"{function}() got multiple values for keyword argument '{twice}'");
    }
}
