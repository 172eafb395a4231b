using System.Xml.Linq;

namespace Kpod.Tests.Reports;

/// <summary>A page as a tree: our pages are well-formed XML, which is the strictest test of balance that there is.</summary>
internal static class PageReader
{
    public static XElement Read(string html)
    {
        const string DocumentType = "<!DOCTYPE html>\n";
        Assert.StartsWith(DocumentType, html, StringComparison.Ordinal);
        return XElement.Parse(html[DocumentType.Length..], LoadOptions.PreserveWhitespace);
    }

    public static string? Get(this XElement element, string attribute) => element.Attribute(attribute)?.Value;

    public static XElement Section(this XElement page, string id) => page.Descendants("section").Single(section => section.Get("id") == id);

    public static List<string> SectionIds(this XElement page) => [.. page.Descendants("section").Select(section => section.Get("id")!)];

    public static IEnumerable<XElement> OfClass(this XElement element, string name) =>
        element.Descendants().Where(inner => (inner.Get("class") ?? string.Empty).Split(' ').Contains(name));

    /// <summary>Asserts what every page must have: nothing from elsewhere, one script, unique ids that resolve, words for each chart, closed axes.</summary>
    public static void AssertIsSound(string html)
    {
        var page = Read(html);
        var elements = page.DescendantsAndSelf().ToList();
        Assert.DoesNotContain(elements, element => element.Name.LocalName is "link" or "img" or "iframe" or "object" or "embed" or "form" or "base" or "image" or "use" or "foreignObject");
        Assert.DoesNotContain(elements.Attributes(), attribute => attribute.Name.LocalName is "src" or "srcset" or "style" or "action" or "data" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(elements.Where(element => element.Get("href") is not null), element => Assert.StartsWith("#", element.Get("href"), StringComparison.Ordinal));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.Single(elements, element => element.Name == "script");

        var ids = elements.Select(element => element.Get("id")).Where(id => id is not null).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(elements.Where(element => element.Get("href") is not null), element => Assert.Contains(element.Get("href")![1..], ids));
        foreach (var chart in page.OfClass("chart"))
        {
            Assert.All(chart.Get("aria-labelledby")!.Split(' '), id => Assert.Contains(id, ids));
            Assert.False(string.IsNullOrWhiteSpace(chart.Element("title")!.Value));
            Assert.False(string.IsNullOrWhiteSpace(chart.Element("desc")!.Value));
            Assert.Contains(chart.OfClass("name"), name => name.Name == "text");
            AssertStaysInItsBox(chart);
        }
    }

    private static void AssertStaysInItsBox(XElement chart)
    {
        var box = chart.Get("viewBox")!.Split(' ').Select(Number).ToArray();
        foreach (var mark in chart.Descendants().Where(element => element.Name.LocalName is "rect" or "line" or "text"))
        {
            foreach (var (name, limit) in new[] { ("x", box[2]), ("x1", box[2]), ("x2", box[2]), ("y", box[3]), ("y1", box[3]), ("y2", box[3]) })
            {
                if (mark.Get(name) is { } place)
                {
                    Assert.InRange(Number(place), -0.1, limit + 0.1);
                }
            }
        }
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
