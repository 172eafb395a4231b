using Kpod.Tokenizers.ChatTemplates;
using Kpod.Verification.Results;

namespace Kpod.Verification.References;

/// <summary>Holds rendered conversations against recorded ones; no difference at all is right.</summary>
internal static class ChatCases
{
    /// <summary>Checks every case of a file.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="path">The file.</param>
    /// <param name="now">The time that templates see.</param>
    public static void Check(ReportBuilder report, string path, DateTimeOffset now)
    {
        var cases = ChatTemplateCase.RunFile(path, now);
        if (cases.Count == 0)
        {
            throw new KpodException($"{path}: holds no case.");
        }

        var file = Path.GetFileName(path);
        report.CompareExactly(file, "expected", [.. cases.Select(one => one.Recorded)], [.. cases.Select(one => one.Rendered)], Place);
        report.CompareExactly(file, "error", [.. cases.Select(one => one.RecordedKind ?? "none")], [.. cases.Select(one => one.RenderedKind ?? "none")], Place);

        string Place(int index) => $"{cases[index].Place}, {cases[index].Name}";
    }
}
