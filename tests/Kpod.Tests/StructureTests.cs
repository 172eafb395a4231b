using System.Text.RegularExpressions;
using Kpod.Runs;
using Kpod.Testing;

namespace Kpod.Tests;

/// <summary>The tree is the pipeline: the order of the stages is one, wherever it stands, and the arrows between folders point one way.</summary>
public sealed partial class StructureTests
{
    // Folder, recipe section, verb, file of a run.
    private static readonly (string Folder, string Section, string Verb, string File)[] Stages =
    [
        ("Datasets", "dataset", "data", "01-questions.jsonl"),
        ("RationaleGeneration", "rationales", "rationales", "02-rationales.jsonl"),
        ("TokenWeighting", "tokenWeights", "weights", "03-token-weights.jsonl"),
        ("StepDifficulty", "stepDifficulty", "difficulty", "04-step-difficulty.jsonl"),
        ("ProgressiveSchedule", "schedule", "schedule", "05-schedule.json"),
        ("Distillation", "distillation", "distill", "06-student"),
        ("Evaluation", "evaluation", "evaluate", "07-evaluation"),
        ("Reports", "report", "report", "08-report.html"),
    ];

    private static readonly string[] Beneath = ["Runs", "Recipes", "Students"];

    public static TheoryData<string> Assemblies => ["Kpod.Basics", "Kpod.Tokenizers", "Kpod.LanguageModels", "Kpod", "Kpod.Quickstart", "Kpod.Verification", "Kpod.Cli"];

    // An architecture is one file, top to bottom.
    private static readonly string[] Architectures = ["LlamaModel.cs", "T5Model.cs"];

    private static string Source => Path.Combine(SharedFolder.RepositoryRoot, "src", "Kpod");

    [Fact]
    public void The_readme_maps_the_stages_in_their_order()
    {
        var readme = File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "README.md"));
        var rows = MapRow().Matches(readme).Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value.TrimEnd('/'))).ToArray();
        Assert.Equal(Stages.Select(stage => (stage.Folder, stage.Verb, stage.File)), rows);
    }

    [Fact]
    public void The_recipe_has_its_sections_in_their_order()
    {
        var sections = typeof(KpodRecipe).GetProperties().Select(property => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(property.Name)).ToArray();
        Assert.Equal(Stages.Select(stage => stage.Section), sections.Where(section => Stages.Any(stage => stage.Section == section)));
        Assert.Equal(["name", "method", "seed", "student"], sections[..4]);
    }

    [Fact]
    public void The_program_lists_its_verbs_in_their_order()
    {
        var program = File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "src", "Kpod.Cli", "Program.cs"));
        var verbs = Verb().Matches(program).Select(match => match.Groups[1].Value.ToLowerInvariant()).ToArray();
        Assert.Equal([.. Stages.Select(stage => stage.Verb), "run", "compare", "generate", "quickstart", "export", "inspect", "verify"], verbs);
    }

    [Fact]
    public void A_runs_files_are_numbered_in_their_order() => Assert.Equal(
        Stages.Select(stage => stage.File),
        [RunFiles.Questions, RunFiles.Rationales, RunFiles.TokenWeights, RunFiles.StepDifficulty, RunFiles.Schedule, RunFiles.Student, RunFiles.Evaluation, RunFiles.Report]);

    [Fact]
    public void The_pipeline_calls_the_stages_in_their_order()
    {
        var pipeline = File.ReadAllText(Path.Combine(Source, "KpodPipeline.cs"));
        string[] calls = [.. Stages[..^1].Select(stage => $"{Singular(stage.Folder)}Stage"), "RunPage.Render"];
        var places = calls.Select(call => pipeline.IndexOf(call, pipeline.IndexOf("RunAsync", StringComparison.Ordinal), StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.True(pipeline.Split('\n').Length <= 100);
    }

    [Fact]
    public void A_stage_uses_only_stages_before_it_and_what_they_stand_on_uses_none()
    {
        var order = Stages.Select(stage => stage.Folder).ToArray();
        string[] wrong =
        [
            .. from arrow in SourceTree.Read(Source).Arrows()
               let own = Array.IndexOf(order, Top(arrow.From))
               let used = Array.IndexOf(order, Top(arrow.To))
               where (own >= 0 || Beneath.Contains(Top(arrow.From))) && used > own
               select arrow.ToString(),
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_folders_of_an_assembly_use_each_other_in_a_circle(string assembly)
    {
        var circles = SourceTree.Read(Path.Combine(SharedFolder.RepositoryRoot, "src", assembly)).Circles();
        Assert.True(circles.Count == 0, string.Join('\n', circles));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_folder_holds_no_more_than_what_a_look_takes_in(string assembly)
    {
        // Of one kind each, and so easily looked through: filters, sections and verbs.
        string[] ofOneKind = ["Filters", "Sections", "Commands"];
        var crowded = Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "src", assembly), "*.cs", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetDirectoryName(file)!)
            .Where(folder => folder.Count() > 22 && !ofOneKind.Contains(Path.GetFileName(folder.Key)))
            .Select(folder => $"{folder.Key}: {folder.Count()} files side by side; a folder within it names the concept that some of them share");
        Assert.Empty(crowded);
    }

    [Fact]
    public void Files_and_methods_stay_short()
    {
        var tooLong = new List<string>();
        var (fileLengths, methodLengths) = (new List<int>(), new List<int>());
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Source)!, "*.cs", SearchOption.AllDirectories))
        {
            var lines = File.ReadAllLines(file);
            fileLengths.Add(lines.Length);
            var most = Architectures.Contains(Path.GetFileName(file)) ? 400 : 300;
            if (lines.Length > most)
            {
                tooLong.Add($"{file}: {lines.Length} lines, at most {most}");
            }

            foreach (var (name, length) in Methods(lines))
            {
                methodLengths.Add(length);
                if (length > 60)
                {
                    tooLong.Add($"{file}: {name} has {length} lines, at most 60");
                }
            }
        }

        Assert.True(tooLong.Count == 0, string.Join('\n', tooLong));
        Assert.True(Median(fileLengths) <= 80 && Median(methodLengths) <= 10, $"Half of the files have more than {Median(fileLengths)} lines, half of the methods more than {Median(methodLengths)}.");
    }

    private static string Singular(string folder) => folder == "Datasets" ? "Dataset" : folder;

    private static string Top(string folder) => folder.Split('/')[0];

    private static int Median(List<int> values) => values.Order().ElementAt(values.Count / 2);

    // Members of a type are indented once, so that their bodies stand between "    {" and "    }".
    private static IEnumerable<(string Name, int Length)> Methods(string[] lines)
    {
        for (var start = 0; start < lines.Length; start++)
        {
            if (lines[start] == "    {")
            {
                var signature = Array.FindLastIndex(lines, start - 1, line => line.Length > 4 && line.StartsWith("    ", StringComparison.Ordinal) && line[4] != ' ');
                var end = Array.FindIndex(lines, start, line => line.StartsWith("    }", StringComparison.Ordinal));
                if (!TypeKeyword().IsMatch(lines[signature]))
                {
                    yield return (lines[signature].Trim(), end - start - 1);
                }

                start = end;
            }
        }
    }

    [GeneratedRegex(@"\b(class|record|struct|enum|interface)\b")]
    private static partial Regex TypeKeyword();

    [GeneratedRegex(@"^\|[^|]*\| `(\w+)/` \| `(\w+)` \| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex MapRow();

    [GeneratedRegex(@"^    (\w+)Command\.Make\(", RegexOptions.Multiline)]
    private static partial Regex Verb();
}
