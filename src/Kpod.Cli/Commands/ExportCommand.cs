using Kpod.Cli.Display;
using System.CommandLine;
using System.Globalization;
using Kpod.Asking;
using Kpod.Files;
using Kpod.LanguageModels.Export;
using Kpod.LanguageModels.Native;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod export</c>: takes a student to other programs.</summary>
internal static class ExportCommand
{
    private static readonly Dictionary<string, ExportFormat> Formats = new(StringComparer.OrdinalIgnoreCase) { ["hf"] = ExportFormat.HuggingFace, ["gguf"] = ExportFormat.Gguf, ["peft"] = ExportFormat.Peft };
    private static readonly Dictionary<char, long> Units = new() { ['K'] = 1_000, ['M'] = 1_000_000, ['G'] = 1_000_000_000 };

    private static readonly Argument<string> Source = new("source") { Description = "A run's folder, or a model: a Hugging Face folder or a .gguf file." };
    private static readonly Option<string> Out = new("--out", "-o") { Description = "The folder or .gguf file to write.", HelpName = "path", Required = true };
    private static readonly Option<string?> Adapter = new("--adapter") { Description = "The adapter's folder (PEFT's layout); the run's own where the source is a run.", HelpName = "folder" };
    private static readonly Option<string?> Format = new("--format") { Description = "hf (merged Hugging Face folder), gguf (merged GGUF file) or peft (the adapter alone); by the name of --out unless given.", HelpName = "format" };
    private static readonly Option<string?> Type = new("--dtype") { Description = $"Type of the weights: {string.Join(", ", ExportTypes.Known)}; the base model's own unless given.", HelpName = "type" };
    private static readonly Option<string?> Prompts = new("--prompts") { Description = "A text file, a prompt a line, to compare before and after on; the run's questions or built-in ones unless given.", HelpName = "file" };
    private static readonly Option<double?> Tolerance = new("--tolerance") { Description = "The most by which a logit may move, as a share of the largest one.", HelpName = "share" };
    private static readonly Option<string?> ShardSize = new("--shard-size") { Description = "The most bytes of weights in one file, such as 5GB.", HelpName = "size" };
    private static readonly Option<string?> Name = new("--name") { Description = "What a GGUF file calls the model, or where PEFT is to find the base model (a folder or a name on the hub).", HelpName = "name" };
    private static readonly Option<string?> Precision = new("--precision") { Description = "Type of the base weights in memory: float32, or bfloat16 for half the memory.", HelpName = "type" };
    private static readonly Option<bool> Force = new("--force") { Description = "Replaces an earlier export." };

    public static Command Make()
    {
        var json = StageVerb.Json();
        var command = new Command("export", "Merges a student and writes it for transformers, PEFT, vLLM or llama.cpp, after checking that it still computes the same.")
        {
            Source, Out, Adapter, Format, Type, Prompts, Tolerance, ShardSize, Name, Precision, Force, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            var report = ModelExporter.Export(Read(parsed), line => Console.Error.WriteLine($"kpod: {line}"), cancel);
            new Figures(report, console => Draw(console, report)).Show(parsed.GetValue(json));
            if (report.Gate?.Refusal is { } refusal)
            {
                Console.Error.WriteLine($"kpod: refused, nothing was written: {refusal}");
            }

            return Task.FromResult(report.IsWritten ? ExitCodes.Done : ExitCodes.Failed);
        });
        return command;
    }

    private static ExportOptions Read(ParseResult parsed)
    {
        var source = parsed.GetRequiredValue(Source);
        var target = parsed.GetRequiredValue(Out);
        var run = RunStudent.IsRun(source) ? RunStudent.Read(source) : null;
        var adapter = parsed.GetValue(Adapter) ?? run?.Adapter;
        var options = new ExportOptions
        {
            Model = run?.Model ?? source,
            Adapter = adapter,
            Target = target,
            Format = ReadFormat(parsed.GetValue(Format), target),
            Type = parsed.GetValue(Type) is { } type ? ExportTypes.Parse(type) ?? throw Unknown("--dtype", type, ExportTypes.Known) : null,
            Name = parsed.GetValue(Name),
            Force = parsed.GetValue(Force),
            Precision = parsed.GetValue(Precision) is { } precision ? ReadPrecision(precision) : WeightPrecision.Float32,
        };
        options = parsed.GetValue(Tolerance) is { } tolerance ? options with { Tolerance = tolerance } : options;
        options = parsed.GetValue(ShardSize) is { } size ? options with { ShardBytes = ReadSize(size) } : options;
        var texts = parsed.GetValue(Prompts) is { } file ? ReadPrompts(file) : run?.Texts ?? [];
        return texts.Count > 0 ? options with { Texts = texts } : options;
    }

    private static ExportFormat ReadFormat(string? format, string target) => format is null
        ? target.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? ExportFormat.Gguf : ExportFormat.HuggingFace
        : Formats.TryGetValue(format, out var known) ? known : throw Unknown("--format", format, Formats.Keys);

    private static WeightPrecision ReadPrecision(string text) =>
        Enum.TryParse<WeightPrecision>(text, ignoreCase: true, out var precision) && Enum.IsDefined(precision) ? precision : throw Unknown("--precision", text, ["float32", "bfloat16"]);

    private static long ReadSize(string text)
    {
        var number = text.ToUpperInvariant();
        number = number.EndsWith('B') ? number[..^1] : number;
        var unit = number.Length > 0 && Units.TryGetValue(number[^1], out var known) ? known : 1;
        return double.TryParse(unit == 1 ? number : number[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count * unit is > 0 and < long.MaxValue
            ? (long)(count * unit)
            : throw new KpodException($"--shard-size is '{text}'; it must be a number of bytes such as 5GB or 500MB.");
    }

    private static GateText[] ReadPrompts(string file)
    {
        var prompts = JsonArtefact.ReadText(file).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => new GateText(line)).ToArray();
        return prompts.Length > 0 ? prompts : throw new KpodException($"{file}: holds no prompt; write one a line.");
    }

    private static KpodException Unknown(string option, string value, IEnumerable<string> known) => new($"{option} is '{value}'; it must be one of {string.Join(", ", known)}.");

    private static void Draw(IAnsiConsole console, ExportReport report)
    {
        if (report.Gate is { } gate)
        {
            var table = Tables.Make("compared with base and adapter", "");
            table.AddRow("predictions", Tables.Number(gate.Positions));
            table.AddRow("largest difference of a logit (of the largest)", gate.LargestDifference.ToString("0.0e+0", CultureInfo.InvariantCulture));
            table.AddRow("divergence (nat/token)", gate.MeanDivergence.ToString("0.0e+0", CultureInfo.InvariantCulture));
            table.AddRow("same likeliest token", Tables.Percent(gate.SameBest));
            if (gate.ShareOfAdapter is { } share)
            {
                table.AddRow("rounding, as a share of the adapter's effect", Tables.Percent(share));
            }

            console.Write(table);
        }

        foreach (var file in report.Files)
        {
            console.Profile.Out.Writer.WriteLine($"  {file.Name}  {Tables.Number(Math.Round(file.Bytes / 1e6, 1))} MB");
        }

        if (report.IsWritten)
        {
            console.Profile.Out.Writer.WriteLine($"wrote {report.Target} ({report.Tensors} tensors, {report.Type})");
        }
    }
}
