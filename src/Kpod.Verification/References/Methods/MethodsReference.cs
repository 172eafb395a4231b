using System.Runtime.InteropServices;
using System.Text.Json;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.References.Methods;

/// <summary>Holds the other systems, the curricula, the ablations and the statistics against the files of a folder, whichever are there.</summary>
internal static class MethodsReference
{
    private static readonly (string File, Action<MethodQuantities, RecordedValue, MethodModels> Check)[] Files =
    [
        ("scotd.json", SymbolicCotReference.Check),
        ("specialized_texts.json", SpecializedTextsReference.Check),
        ("specialized_losses.json", SpecializedLossesReference.Check),
        ("dtw.json", AlignmentReference.Check),
        ("scott.json", ScottReference.Check),
        ("mcc_kd.json", MccKdReference.Check),
        ("curricula.json", CurriculaReference.Check),
        ("ablations.json", AblationsReference.Check),
        ("statistics.json", StatisticsReference.Check),
    ];

    private const string OtherReduction = "a reduction of the method's own source, beside the one that all methods share";
    private const string Intermediate = "on the way to numbers that are checked";

    private static readonly (string Key, string Reason)[] PassedOver =
    [
        ("wrong", "what a usual mistake gives"),
        ("mean_of_example_means", OtherReduction),
        ("ce_a_mean_of_example_means", OtherReduction),
        ("ce_b_mean_of_example_means", OtherReduction),
        ("total_with_example_means", OtherReduction),
        ("source_reduction", OtherReduction),
        ("mean_of_micro_batch_means", OtherReduction),
        ("gradient_norms_of_mean_of_micro_batch_means", OtherReduction),
        ("student_probabilities", Intermediate),
        ("teacher_mass", Intermediate),
        ("predicting_positions_a", Intermediate),
        ("predicting_positions_b", Intermediate),
        ("center", Intermediate),
        ("half_width", Intermediate),
        ("one_tail", Intermediate),
        ("smallest_gap", "a property of the recording"),
    ];

    /// <summary>Checks the folder.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where models compute.</param>
    /// <exception cref="KpodException">None of the files is there, or one is malformed.</exception>
    public static void Check(ReportBuilder report, string folder, torch.Device device)
    {
        var present = Files.Where(entry => File.Exists(Path.Combine(folder, entry.File))).ToArray();
        if (present.Length == 0)
        {
            throw new KpodException($"{folder}: holds none of {string.Join(", ", Files.Select(entry => entry.File))}.");
        }

        using var models = new MethodModels(folder, device);
        foreach (var (file, check) in present)
        {
            var root = RecordedValue.Read(Path.Combine(folder, file));
            var quantities = new MethodQuantities(report, file);
            try
            {
                check(quantities, root, models);
            }
            catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or InvalidOperationException or ExternalException)
            {
                // What the library, or torch, takes for a mistake of its caller is here one of the file.
                throw new KpodException($"{root.Place}: {exception.Message.Split('\n')[0]}", exception);
            }

            quantities.Report();
            foreach (var (key, reason) in PassedOver.Where(entry => Holds(root.Element, entry.Key)))
            {
                report.NotChecked(file, key, reason);
            }
        }
    }

    private static bool Holds(JsonElement element, string key) => element.ValueKind switch
    {
        JsonValueKind.Object => element.TryGetProperty(key, out _) || element.EnumerateObject().Any(property => Holds(property.Value, key)),
        JsonValueKind.Array => element.EnumerateArray().Any(item => Holds(item, key)),
        _ => false,
    };
}
