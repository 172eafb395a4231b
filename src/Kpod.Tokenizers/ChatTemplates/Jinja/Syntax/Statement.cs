namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>Something in a template that is carried out.</summary>
internal abstract record Statement
{
    private Statement()
    {
    }

    /// <summary>The line it begins on, from 1.</summary>
    public int Line { get; init; }

    /// <summary>Text that is printed as it is.</summary>
    /// <param name="Text">The text.</param>
    public sealed record Data(string Text) : Statement;

    /// <summary><c>{{ value }}</c>.</summary>
    /// <param name="Value">What is printed.</param>
    public sealed record Print(Expression Value) : Statement;

    /// <summary><c>{% set target = value %}</c>.</summary>
    /// <param name="Target">Where to.</param>
    /// <param name="Value">What.</param>
    public sealed record Assign(AssignmentTarget Target, Expression Value) : Statement;

    /// <summary><c>{% set target %}…{% endset %}</c>.</summary>
    /// <param name="Target">Where to.</param>
    /// <param name="Filter">Filters that the text goes through, or null.</param>
    /// <param name="Body">What prints the text.</param>
    public sealed record AssignBlock(AssignmentTarget Target, Expression? Filter, IReadOnlyList<Statement> Body) : Statement;

    /// <summary><c>{% for %}</c>.</summary>
    /// <param name="Target">What each item is assigned to.</param>
    /// <param name="Items">The items.</param>
    /// <param name="Condition">Which items; null for all.</param>
    /// <param name="IsRecursive">Whether <c>loop(items)</c> runs it again.</param>
    /// <param name="Body">What is done for each.</param>
    /// <param name="Otherwise">What is done where there is no item.</param>
    public sealed record For(
        AssignmentTarget Target, Expression Items, Expression? Condition, bool IsRecursive, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Otherwise) : Statement;

    /// <summary><c>{% if %}</c>.</summary>
    /// <param name="Branches">Conditions with what each leads to.</param>
    /// <param name="Otherwise">What is done where none is true.</param>
    public sealed record If(IReadOnlyList<(Expression Condition, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Otherwise) : Statement;

    /// <summary><c>{% macro %}</c>.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Definition">What it does.</param>
    public sealed record Macro(string Name, MacroDefinition Definition) : Statement;

    /// <summary><c>{% call %}</c>.</summary>
    /// <param name="Caller">What <c>caller()</c> prints.</param>
    /// <param name="Call">The call.</param>
    public sealed record CallBlock(MacroDefinition Caller, Expression.Call Call) : Statement;

    /// <summary><c>{% filter %}</c>.</summary>
    /// <param name="Filter">The filters.</param>
    /// <param name="Body">What prints the text.</param>
    public sealed record FilterBlock(Expression Filter, IReadOnlyList<Statement> Body) : Statement;

    /// <summary><c>{% with %}</c>, and every other block that only makes a scope.</summary>
    /// <param name="Assignments">Variables of the scope; the values are evaluated outside it.</param>
    /// <param name="Body">What is done in it.</param>
    public sealed record With(IReadOnlyList<(AssignmentTarget Target, Expression Value)> Assignments, IReadOnlyList<Statement> Body) : Statement;

    /// <summary><c>{% break %}</c>.</summary>
    public sealed record Break : Statement;

    /// <summary><c>{% continue %}</c>.</summary>
    public sealed record Continue : Statement;
}
