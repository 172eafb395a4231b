using System.Security.Cryptography;
using System.Text;

namespace Kpod.Reports.Markup;

/// <summary>
/// The frame of a page: one file with its style and its script inside. A content security policy forbids everything else, so that even markup that
/// slipped through the escape could neither load nor run anything.
/// </summary>
internal sealed class HtmlPage
{
    /// <summary>The title, of any origin.</summary>
    public required string Title { get; init; }

    /// <summary>A line above the title: what kind of page this is.</summary>
    public required string Kind { get; init; }

    /// <summary>A sentence or two under the title.</summary>
    public required string Lead { get; init; }

    /// <summary>The figures to lead with.</summary>
    public required IReadOnlyList<HeadlineTile> Tiles { get; init; }

    /// <summary>The sections in order.</summary>
    public required IReadOnlyList<PageSection> Sections { get; init; }

    /// <summary>Writes the page.</summary>
    /// <returns>HTML that is well-formed XML too.</returns>
    public string Render()
    {
        var writer = new MarkupWriter();
        using (writer.Open("html", ("lang", "en")))
        {
            WriteHead(writer);
            using (writer.Line().Open("body"))
            {
                WriteTop(writer);
                WriteNavigation(writer);
                using (writer.Line().Open("main"))
                {
                    for (var index = 0; index < Sections.Count; index++)
                    {
                        WriteSection(writer, Sections[index], index + 1);
                    }
                }

                writer.Line().Element("footer", "Made by Kpod from the run's own files. This page loads nothing from elsewhere.");
                writer.Line().Code("script", PageScript.Text);
            }
        }

        return "<!DOCTYPE html>\n" + writer.Line();
    }

    private void WriteHead(MarkupWriter writer)
    {
        var scriptHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(PageScript.Text)));
        using var head = writer.Line().Open("head");
        writer.Line().Empty("meta", ("charset", "utf-8"));
        writer.Line().Empty(
            "meta",
            ("http-equiv", "Content-Security-Policy"),
            ("content", $"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{scriptHash}'; base-uri 'none'; form-action 'none'"));
        writer.Line().Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        writer.Line().Empty("meta", ("name", "color-scheme"), ("content", "light dark"));
        writer.Line().Element("title", $"{Title} · {Kind}").Line().Code("style", PageStyle.Text);
    }

    private void WriteTop(MarkupWriter writer)
    {
        using var header = writer.Line().Open("header");
        using (writer.Open("div", ("class", "bar-top")))
        {
            writer.Element("p", Kind, ("class", "kind"));
            writer.Element("button", "Theme", ("id", "theme"), ("type", "button"), ("hidden", "hidden"));
        }

        writer.Element("h1", Title).Element("p", Lead, ("class", "lead"));
        if (Tiles.Count == 0)
        {
            return;
        }

        using var list = writer.Open("ul", ("class", "tiles"));
        foreach (var tile in Tiles)
        {
            using var item = writer.Line().Open("li");
            writer.Element("span", tile.Name, ("class", "tile-name")).Element("strong", tile.Value).Element("span", tile.Note, ("class", "tile-note"));
        }
    }

    private void WriteNavigation(MarkupWriter writer)
    {
        using var navigation = writer.Line().Open("nav", ("aria-label", "Sections"));
        foreach (var section in Sections)
        {
            writer.Element("a", section.Title, ("href", "#" + section.Id), ("class", section.Absence is null ? null : "absent"));
        }
    }

    private static void WriteSection(MarkupWriter writer, PageSection section, int number)
    {
        using var element = writer.Line().Open("section", ("id", section.Id));
        using (writer.Open("h2"))
        {
            writer.Element("span", ReportNumber.Count(number), ("class", "number")).Text(" " + section.Title);
        }

        if (section.Absence is null)
        {
            section.Write(writer);
        }
        else
        {
            writer.Element("p", section.Absence, ("class", "absence"));
        }
    }
}
