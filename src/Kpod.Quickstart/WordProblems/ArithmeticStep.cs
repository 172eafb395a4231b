using System.Globalization;

namespace Kpod.Quickstart.WordProblems;

/// <summary>One calculation of a problem.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Left">First operand.</param>
/// <param name="Right">Second operand.</param>
/// <param name="Result">What comes out; not computed from the operands, because a teacher may slip.</param>
internal sealed record ArithmeticStep(ArithmeticOperation Operation, int Left, int Right, int Result)
{
    /// <summary>The operation as one character.</summary>
    public char Symbol => Operation switch
    {
        ArithmeticOperation.Add => '+',
        ArithmeticOperation.Subtract => '-',
        ArithmeticOperation.Multiply => '*',
        _ => '/',
    };

    /// <summary>The calculation as it is written in a rationale, such as <c>7 + 5 = 12</c>.</summary>
    public string Equation => string.Create(CultureInfo.InvariantCulture, $"{Left} {Symbol} {Right} = {Result}");

    /// <summary>Calculates a step.</summary>
    /// <param name="operation">What is done.</param>
    /// <param name="left">First operand.</param>
    /// <param name="right">Second operand.</param>
    /// <returns>The step with the right result, or null where a division leaves a remainder.</returns>
    public static ArithmeticStep? Calculate(ArithmeticOperation operation, int left, int right) => operation switch
    {
        ArithmeticOperation.Add => new(operation, left, right, left + right),
        ArithmeticOperation.Subtract => new(operation, left, right, left - right),
        ArithmeticOperation.Multiply => new(operation, left, right, left * right),
        _ => right == 0 || left % right != 0 ? null : new(operation, left, right, left / right),
    };
}
