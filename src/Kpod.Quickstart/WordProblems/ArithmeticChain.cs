namespace Kpod.Quickstart.WordProblems;

/// <summary>
/// Draws calculations that follow one another: each starts from the result before it. All numbers lie in [<see cref="Smallest"/>, <see cref="Largest"/>],
/// so that a model of a million weights can learn every single calculation.
/// </summary>
internal static class ArithmeticChain
{
    /// <summary>No operand and no result lies below; 2, so that every noun stands in the plural.</summary>
    public const int Smallest = 2;

    /// <summary>No operand and no result lies above.</summary>
    public const int Largest = 20;

    private const int LargestStart = 15;
    private const int LargestTerm = 9;
    private const int LargestFactor = 4;

    // Addition and subtraction come more often, as in the public data sets.
    private static readonly ArithmeticOperation[] Urn =
    [
        ArithmeticOperation.Add, ArithmeticOperation.Add, ArithmeticOperation.Add, ArithmeticOperation.Subtract, ArithmeticOperation.Subtract,
        ArithmeticOperation.Subtract, ArithmeticOperation.Multiply, ArithmeticOperation.Multiply, ArithmeticOperation.Divide, ArithmeticOperation.Divide,
    ];

    /// <summary>Draws a chain.</summary>
    /// <param name="length">Number of calculations.</param>
    /// <param name="random">Decides.</param>
    /// <returns>The calculations in order.</returns>
    public static IReadOnlyList<ArithmeticStep> Draw(int length, Random random)
    {
        var steps = new ArithmeticStep[length];
        var value = random.Next(Smallest, LargestStart + 1);
        for (var index = 0; index < length; index++)
        {
            steps[index] = DrawStep(value, random);
            value = steps[index].Result;
        }

        return steps;
    }

    /// <summary>Draws one calculation that starts from a number.</summary>
    /// <param name="left">The number.</param>
    /// <param name="random">Decides.</param>
    /// <returns>The calculation.</returns>
    public static ArithmeticStep DrawStep(int left, Random random)
    {
        while (true)
        {
            var operation = Urn[random.Next(Urn.Length)];
            var largest = operation is ArithmeticOperation.Add or ArithmeticOperation.Subtract ? LargestTerm : LargestFactor;
            if (ArithmeticStep.Calculate(operation, left, random.Next(Smallest, largest + 1)) is { Result: >= Smallest and <= Largest } step)
            {
                return step;
            }
        }
    }
}
