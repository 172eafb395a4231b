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
            catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or InvalidOperationException)
            {
                // What the library takes for a mistake of its caller is here one of the file.
                throw new KpodException($"{root.Place}: {exception.Message}", exception);
            }

            quantities.Report();
        }
    }
}
