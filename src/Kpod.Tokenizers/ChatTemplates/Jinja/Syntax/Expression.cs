namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>Something in a template that has a value.</summary>
internal abstract record Expression
{
    private Expression()
    {
    }

    /// <summary>A literal.</summary>
    /// <param name="Value">Its value.</param>
    public sealed record Constant(object? Value) : Expression;

    /// <summary>A variable.</summary>
    /// <param name="Identifier">Its name.</param>
    public sealed record Name(string Identifier) : Expression;

    /// <summary><c>target.name</c>.</summary>
    /// <param name="Target">Whose.</param>
    /// <param name="Identifier">The name behind the dot.</param>
    public sealed record Attribute(Expression Target, string Identifier) : Expression;

    /// <summary><c>target[index]</c>.</summary>
    /// <param name="Target">Whose.</param>
    /// <param name="Index">What stands in brackets.</param>
    public sealed record Item(Expression Target, Expression Index) : Expression;

    /// <summary><c>start:stop:step</c> in brackets.</summary>
    /// <param name="Start">First index, or null.</param>
    /// <param name="Stop">One past the last, or null.</param>
    /// <param name="Step">The step, or null.</param>
    public sealed record Slice(Expression? Start, Expression? Stop, Expression? Step) : Expression;

    /// <summary>A call.</summary>
    /// <param name="Target">What is called.</param>
    /// <param name="Arguments">With what.</param>
    public sealed record Call(Expression Target, ArgumentList Arguments) : Expression;

    /// <summary><c>target | name(…)</c>.</summary>
    /// <param name="Target">What is filtered; null stands for the body of a filter block.</param>
    /// <param name="Identifier">The filter.</param>
    /// <param name="Arguments">Further arguments.</param>
    public sealed record Filter(Expression? Target, string Identifier, ArgumentList Arguments) : Expression;

    /// <summary><c>target is name(…)</c>.</summary>
    /// <param name="Target">What is tested.</param>
    /// <param name="Identifier">The test.</param>
    /// <param name="Arguments">Further arguments.</param>
    public sealed record Test(Expression Target, string Identifier, ArgumentList Arguments) : Expression;

    /// <summary><c>not operand</c>.</summary>
    /// <param name="Operand">What is negated.</param>
    public sealed record Not(Expression Operand) : Expression;

    /// <summary><c>+operand</c> or <c>-operand</c>.</summary>
    /// <param name="IsMinus">Which.</param>
    /// <param name="Operand">A number.</param>
    public sealed record Signed(bool IsMinus, Expression Operand) : Expression;

    /// <summary>Arithmetic with two operands.</summary>
    /// <param name="Symbol"><c>+ - * / // % **</c>.</param>
    /// <param name="Left">The left operand.</param>
    /// <param name="Right">The right operand.</param>
    public sealed record Arithmetic(string Symbol, Expression Left, Expression Right) : Expression;

    /// <summary>Parts joined by <c>~</c>.</summary>
    /// <param name="Parts">At least two.</param>
    public sealed record Joined(IReadOnlyList<Expression> Parts) : Expression;

    /// <summary>A chain of comparisons, <c>a &lt; b &lt; c</c>.</summary>
    /// <param name="First">The first operand.</param>
    /// <param name="Others">Each further operand with what stands before it: <c>== != &lt; &lt;= &gt; &gt;= in "not in"</c>.</param>
    public sealed record Comparison(Expression First, IReadOnlyList<(string Symbol, Expression Operand)> Others) : Expression;

    /// <summary><c>left and right</c>.</summary>
    /// <param name="Left">The value where it is false.</param>
    /// <param name="Right">The value otherwise.</param>
    public sealed record And(Expression Left, Expression Right) : Expression;

    /// <summary><c>left or right</c>.</summary>
    /// <param name="Left">The value where it is true.</param>
    /// <param name="Right">The value otherwise.</param>
    public sealed record Or(Expression Left, Expression Right) : Expression;

    /// <summary><c>value if condition else other</c>.</summary>
    /// <param name="Condition">What decides.</param>
    /// <param name="Value">The value where it is true.</param>
    /// <param name="Other">The value otherwise; null for undefined.</param>
    public sealed record Conditional(Expression Condition, Expression Value, Expression? Other) : Expression;

    /// <summary>A list or tuple.</summary>
    /// <param name="Items">Its items.</param>
    /// <param name="IsTuple">Which.</param>
    public sealed record Sequence(IReadOnlyList<Expression> Items, bool IsTuple) : Expression;

    /// <summary>A dictionary.</summary>
    /// <param name="Entries">Its entries in order.</param>
    public sealed record Mapping(IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression;
}
