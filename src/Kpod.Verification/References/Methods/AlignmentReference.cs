using Kpod.Distillation.Methods.SpecializedKd.Alignment;
using Kpod.Verification.Recorded;

namespace Kpod.Verification.References.Methods;

/// <summary>The alignment of two tokenizers and the distributions it carries over.</summary>
internal static class AlignmentReference
{
    private const string EndToken = "</s>";

    /// <summary>Checks the file.</summary>
    public static void Check(MethodQuantities quantities, RecordedValue root, MethodModels models)
    {
        foreach (var recorded in root["cases"].Items())
        {
            CheckCase(quantities, recorded, recorded["expected"]);
        }
    }

    private static void CheckCase(MethodQuantities quantities, RecordedValue recorded, RecordedValue expected)
    {
        TeacherToken[] teacher = [.. recorded["teacher"].Items().Select(token => new TeacherToken(token["token"].Text(), [.. token["top"].Items().Select(Probability)]))];
        var student = Texts(recorded["student"]);
        var vocabulary = Texts(recorded["student_vocabulary"]).ToHashSet(StringComparer.Ordinal);
        var alignment = TokenAlignment.Of(teacher, student, Texts(recorded["control_tokens"]), vocabulary.Contains);
        var place = $"{recorded.Place} ({recorded["name"].Text()})";
        quantities.Same("stripped", place, expected["stripped"].Integers(), [alignment.First, alignment.End]);
        quantities.Same("cost", place, Table(expected["cost"]), Rows(alignment.Cost));
        quantities.Same("accumulated", place, Table(expected["accumulated"]), Rows(alignment.Path.Accumulated));
        quantities.Same("total", place, [expected["total"].Integer()], [alignment.Path.Accumulated[^1][^1]]);
        quantities.Same("path", place, Table(expected["path"]), Rows(alignment.Path.Cells.Select(cell => new[] { cell.Teacher, cell.Student })));
        quantities.Same("teacher_positions", place, Table(expected["teacher_positions"]), Rows(alignment.Targets.Select(target => target.TeacherPositions)));
        quantities.Same("how", place, Texts(expected["how"]), alignment.Targets.Select(target => target.IsTransferred ? "transferred" : "one-hot"));

        // By ids, as training takes them, with the end token behind.
        string[] names = [.. vocabulary.Concat(student).Append(EndToken).Distinct(StringComparer.Ordinal)];
        var computed = alignment.Distributions(piece => Array.IndexOf(names, piece), Array.IndexOf(names, EndToken));
        var targets = expected["targets"].Items().Select(target => target.Items().Select(Probability).ToArray()).ToArray();
        quantities.Same("targets: tokens", place, Rows(targets.Select(target => target.Select(item => item.Token))), Rows(computed.Select(target => target.Ids.Select(id => names[id]))));
        quantities.Double("targets: probabilities", [.. targets.SelectMany(target => target.Select(item => item.Probability))], [.. computed.SelectMany(target => target.Probabilities)]);
    }

    private static TokenProbability Probability(RecordedValue pair) => pair.Items() is [var token, var probability] ? new TokenProbability(token.Text(), probability.Number()) : throw pair.Wrong("must be a token and its probability");

    private static string[] Texts(RecordedValue list) => [.. list.Items().Select(item => item.Text())];

    private static string Table(RecordedValue table) => Rows(table.Items().Select(row => row.Integers()));

    private static string Rows<T>(IEnumerable<IEnumerable<T>> rows) => string.Join('\n', rows.Select(row => string.Join(' ', row)));
}
