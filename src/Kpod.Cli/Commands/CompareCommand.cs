using System.CommandLine;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod compare</c>: joins runs in one table and page.</summary>
internal static class CompareCommand
{
    public static Command Make()
    {
        var command = new Command("compare", "Joins finished runs, or the variants that a recipe lists, in one table and page.");
        return command;
    }
}
