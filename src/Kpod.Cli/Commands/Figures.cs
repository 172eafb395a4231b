using Kpod.Files;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary>A verb's figures: for a program as one JSON object, for a person drawn.</summary>
/// <param name="Value">What <c>--json</c> prints.</param>
/// <param name="Draw">Draws it.</param>
internal sealed record Figures(object Value, Action<IAnsiConsole> Draw)
{
    public void Show(bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonArtefact.ToLine(Value));
        }
        else
        {
            Draw(Display.Terminal.Drawing);
        }
    }
}
