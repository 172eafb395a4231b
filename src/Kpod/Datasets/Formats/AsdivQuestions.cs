using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Kpod.Datasets.Questions;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>ASDiv (Miao et al., 2020): XML with <c>Problem ID</c>, <c>Body</c>, <c>Question</c> and <c>Answer</c>, the unit in parentheses behind the answer.</summary>
internal static partial class AsdivQuestions
{
    public static IEnumerable<(string Place, Func<DatasetRecord> Read)> Records(string path)
    {
        foreach (var problem in Load(path).Descendants("Problem"))
        {
            var id = problem.Attribute("ID")?.Value is { } given && !string.IsNullOrWhiteSpace(given) ? given.Trim() : null;
            yield return ($"problem {id ?? "without ID"}, line {((IXmlLineInfo)problem).LineNumber}", () => Read(problem, id));
        }
    }

    private static XDocument Load(string path)
    {
        try
        {
            // No document type, no entities: neither belongs in a data set, and both can be made to exhaust a reader.
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 200_000_000 };
            using var stream = Sources.DataStream.Open(path);
            using var reader = XmlReader.Create(stream, settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo);
        }
        catch (XmlException exception)
        {
            throw new KpodException($"{path}, line {exception.LineNumber}, column {exception.LinePosition}: no XML ({exception.Message})", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KpodException($"{path}: cannot be read ({exception.Message})", exception);
        }
    }

    private static DatasetRecord Read(XElement problem, string? id)
    {
        string Text(string name) => problem.Element(name)?.Value.Trim() is { Length: > 0 } value ? value : throw new RecordFaultException($"lacks the element '{name}'.");
        var answer = Unit().Replace(Text("Answer"), string.Empty).Trim();
        return answer.Length == 0
            ? throw new RecordFaultException($"has the answer '{Text("Answer")}', which is a unit only.")
            : new DatasetRecord(
                new Question
                {
                    Id = id ?? throw new RecordFaultException("lacks the attribute 'ID'."),
                    Text = SvampQuestions.Join(Text("Body"), Text("Question")),
                    Answer = RecordElement.WithoutThousandsCommas(answer),
                },
                []);
    }

    [GeneratedRegex(@"\s*\([^()]*\)")]
    private static partial Regex Unit();
}
