using Kpod.Cli.Display;
using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Kpod.LanguageModels.Inspection;
using Kpod.Runs;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod inspect</c>: shows what a checkpoint, an adapter or a tokenizer holds.</summary>
internal static partial class InspectCommand
{
    private const int LongestValue = 100;

    // What says nothing is not shown to a person: PEFT writes dozens of keys for what an adapter does not use.
    private static readonly string[] Neutral = ["", "{}", "[]"];

    public static Command Make()
    {
        var path = new Argument<string>("path") { Description = "A .gguf or .safetensors file, a tokenizer's file, a model's or an adapter's folder, or a run's folder." };
        var all = new Option<bool>("--all") { Description = "Lists every tensor; those that differ in the block's number alone are joined otherwise." };
        var json = StageVerb.Json();
        var command = new Command("inspect", "Shows tensors, types, configuration, tokenizer and size in memory of a checkpoint.") { path, all, json };
        command.SetAction(parsed =>
        {
            var found = CheckpointInspector.Inspect(OfRun(parsed.GetRequiredValue(path)));
            new Figures(found, console => Draw(console, found, parsed.GetValue(all))).Show(parsed.GetValue(json));
            return ExitCodes.Done;
        });
        return command;
    }

    // Of a run's folder its student is meant.
    private static string OfRun(string path) => Path.Combine(path, RunFiles.Student) is var student && Directory.Exists(student) ? student : path;

    private static void Draw(IAnsiConsole console, InspectedCheckpoint found, bool all)
    {
        var output = console.Profile.Out.Writer;
        output.WriteLine($"{found.Path}: {found.Kind}");
        foreach (var (key, value) in found.Configuration.Where(pair => !Neutral.Contains(Text(pair.Value))))
        {
            output.WriteLine($"  {key}: {Shorten(Text(value))}");
        }

        if (found.Tokenizer is { } tokenizer)
        {
            output.WriteLine($"tokenizer: {tokenizer.Kind}; {Tables.Number(tokenizer.Tokens)} tokens, {Tables.Number(tokenizer.Special)} of them special; chat template: {(tokenizer.ChatTemplate ? "yes" : "no")}");
            output.WriteLine($"  begin {tokenizer.Begin ?? "none"}, end {tokenizer.End ?? "none"}, pad {tokenizer.Pad ?? "none"}, unknown {tokenizer.Unknown ?? "none"}; in front of a text {List(tokenizer.Before)}, behind it {List(tokenizer.After)}");
        }

        if (found.Tensors.Count > 0)
        {
            DrawTensors(console, found, all);
        }

        if (found.Fault is { } fault)
        {
            output.WriteLine($"cannot be loaded here: {fault}");
        }
    }

    private static void DrawTensors(IAnsiConsole console, InspectedCheckpoint found, bool all)
    {
        var output = console.Profile.Out.Writer;
        var groups = found.Tensors.GroupBy(tensor => (Name: all ? tensor.Name : Number().Replace(tensor.Name, ".*."), Shape: $"[{string.Join(", ", tensor.Shape)}]", tensor.Type)).ToArray();
        var width = groups.Max(group => group.Key.Name.Length);
        foreach (var group in groups)
        {
            output.WriteLine($"  {group.Key.Name.PadRight(width)}  {group.Key.Type,-6} {group.Key.Shape,-16} {Tables.Number(group.Sum(tensor => tensor.Bytes)),15} bytes{(group.Count() > 1 ? $" in {group.Count()}" : string.Empty)}");
        }

        var table = Tables.Make("type", "tensors", "elements", "bytes");
        foreach (var type in found.Types)
        {
            table.AddRow(type.Type, Tables.Number(type.Tensors), Tables.Number(type.Elements), Tables.Number(type.Bytes));
        }

        table.AddRow("all", Tables.Number(found.Tensors.Count), Tables.Number(found.Elements), Tables.Number(found.Bytes));
        console.Write(table);
        output.WriteLine($"in memory: {Size(found.BytesAsFloat32)} as float32, {Size(found.BytesAsBfloat16)} as bfloat16");
    }

    private static string Size(long bytes) => bytes >= 1L << 30 ? $"{(bytes / (double)(1L << 30)).ToString("0.00", CultureInfo.InvariantCulture)} GiB" : $"{(bytes / (double)(1L << 20)).ToString("0.0", CultureInfo.InvariantCulture)} MiB";

    private static string List(IReadOnlyList<string> tokens) => tokens.Count == 0 ? "nothing" : string.Join(' ', tokens);

    private static string Text(object value) => value is object[] list ? $"[{string.Join(", ", list.Select(Text))}]" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    // A chat template has many lines, a list of languages many words.
    private static string Shorten(string text)
    {
        var line = LineEnds().Replace(text, " ");
        return line.Length <= LongestValue ? line : line[..LongestValue] + "...";
    }

    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineEnds();
}
