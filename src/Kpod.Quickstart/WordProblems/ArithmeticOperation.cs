namespace Kpod.Quickstart.WordProblems;

/// <summary>One of the four operations that the made-up problems use.</summary>
internal enum ArithmeticOperation
{
    /// <summary>Written <c>+</c>.</summary>
    Add,

    /// <summary>Written <c>-</c>.</summary>
    Subtract,

    /// <summary>Written <c>*</c>.</summary>
    Multiply,

    /// <summary>Written <c>/</c>; always exact.</summary>
    Divide,
}
