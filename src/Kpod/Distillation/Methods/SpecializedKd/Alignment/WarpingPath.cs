namespace Kpod.Distillation.Methods.SpecializedKd.Alignment;

/// <summary>Dynamic time warping: the cheapest way through a table of costs from its first cell to its last, each step one down, one to the right, or both.</summary>
/// <param name="Accumulated">D(i, j): cost of the cheapest way to each cell.</param>
/// <param name="Cells">The cells of the way, from the first to the last.</param>
internal sealed record WarpingPath(int[][] Accumulated, IReadOnlyList<(int Teacher, int Student)> Cells)
{
    /// <summary>Finds the way.</summary>
    /// <param name="cost">Cost of each cell; may have no row or no column.</param>
    /// <returns>The way; empty where there is no cell.</returns>
    public static WarpingPath Of(int[][] cost)
    {
        if (cost.Length == 0 || cost[0].Length == 0)
        {
            return new WarpingPath(cost, []);
        }

        int[][] sums = [.. cost.Select(row => new int[row.Length])];
        for (var i = 0; i < cost.Length; i++)
        {
            for (var j = 0; j < cost[i].Length; j++)
            {
                sums[i][j] = cost[i][j] + (i == 0 && j == 0 ? 0 : Predecessors(sums, i, j).Min(cell => cell.Sum));
            }
        }

        var cells = new List<(int, int)> { (cost.Length - 1, cost[0].Length - 1) };
        while (cells[^1] is not (0, 0))
        {
            // The first of several equal ones: the diagonal, then a step of the teacher.
            var best = Predecessors(sums, cells[^1].Item1, cells[^1].Item2).MinBy(cell => cell.Sum);
            cells.Add((best.I, best.J));
        }

        cells.Reverse();
        return new WarpingPath(sums, cells);
    }

    private static IEnumerable<(int Sum, int I, int J)> Predecessors(int[][] sums, int i, int j)
    {
        if (i > 0 && j > 0)
        {
            yield return (sums[i - 1][j - 1], i - 1, j - 1);
        }

        if (i > 0)
        {
            yield return (sums[i - 1][j], i - 1, j);
        }

        if (j > 0)
        {
            yield return (sums[i][j - 1], i, j - 1);
        }
    }
}
