namespace Kpod.RationaleGeneration.Teachers.Budget;

/// <summary>The next call could pass the budget, and none is in flight that could leave room for it.</summary>
internal sealed class BudgetReachedException : Exception;
