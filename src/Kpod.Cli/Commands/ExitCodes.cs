namespace Kpod.Cli.Commands;

/// <summary>What the program tells its caller; 0 is done.</summary>
internal static class ExitCodes
{
    /// <summary>The work was done.</summary>
    public const int Done = 0;

    /// <summary>The work failed.</summary>
    public const int Failed = 1;

    /// <summary>The input or the command line is at fault.</summary>
    public const int BadInput = 2;

    /// <summary>The user interrupted (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
