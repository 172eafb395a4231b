using System.CommandLine;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod quickstart</c>: the whole method on made-up problems.</summary>
internal static class QuickstartCommand
{
    public static Command Make()
    {
        var command = new Command("quickstart", "Makes up word problems and a small base, then runs the whole method on them.");
        return command;
    }
}
