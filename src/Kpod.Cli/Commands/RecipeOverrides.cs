using System.CommandLine;

namespace Kpod.Cli.Commands;

/// <summary>The options of a verb that reads a recipe with which single keys of it are replaced.</summary>
internal sealed class RecipeOverrides
{
    private readonly Option<string[]> _keys = new("--set")
    {
        Description = "Replaces a key of the recipe, such as --set distillation.epochs=3; may be given several times.",
        HelpName = "key=value",
    };

    private readonly Option<string?> _device = new("--device") { Description = "Where the student is; short for --set student.device=..." };
    private readonly Option<string?> _weightType = new("--dtype") { Description = "Type of the base weights; short for --set student.precision=..." };

    /// <summary>Gives a command these options.</summary>
    public RecipeOverrides(Command command)
    {
        _device.AcceptOnlyFromAmong("cpu", "cuda");
        _weightType.AcceptOnlyFromAmong("float32", "bfloat16");
        command.Add(_keys);
        command.Add(_device);
        command.Add(_weightType);
    }

    /// <summary>The keys to replace, each <c>section.key=value</c>.</summary>
    public IReadOnlyList<string> Read(ParseResult parsed) =>
    [
        .. parsed.GetValue(_keys) ?? [],
        .. parsed.GetValue(_device) is { } device ? [$"student.device={device}"] : Array.Empty<string>(),
        .. parsed.GetValue(_weightType) is { } type ? [$"student.precision={type}"] : Array.Empty<string>(),
    ];
}
