using System.Xml.Linq;
using Kpod.Reports.Markup;

namespace Kpod.Tests.Reports.Markup;

public sealed class MarkupWriterTests
{
    [Fact]
    public void Text_and_attributes_are_escaped()
    {
        var writer = new MarkupWriter();
        using (writer.Open("p", ("title", "\"a\" & 'b'")))
        {
            writer.Text("<script>1 & 2</script>");
        }

        Assert.Equal("<p title=\"&quot;a&quot; &amp; &#39;b&#39;\">&lt;script&gt;1 &amp; 2&lt;/script&gt;</p>", writer.ToString());
    }

    [Fact]
    public void Elements_close_in_reverse_order_and_a_null_attribute_is_left_out()
    {
        var writer = new MarkupWriter();
        using (writer.Open("a"))
        using (writer.Open("b", ("class", null)))
        {
            writer.Empty("br").Element("i", "x", ("id", "y"));
        }

        Assert.Equal("<a><b><br/><i id=\"y\">x</i></b></a>", writer.ToString());
    }

    [Fact]
    public void An_open_element_is_an_error()
    {
        var writer = new MarkupWriter();
        writer.Open("section");
        var error = Assert.Throws<InvalidOperationException>(writer.ToString);
        Assert.Equal("<section> is still open.", error.Message);
    }

    [Theory]
    [InlineData("\u0000\u001b[31m", "␀␛[31m")]
    [InlineData("a\tb\r\nc", "a\tb\nc")]
    [InlineData("\u007f\u0085", "␡�")]
    [InlineData("\ufffe\uffff", "��")]
    [InlineData("a\u202eb\u2066c", "a�b�c")]
    public void Characters_that_a_document_may_not_hold_are_shown_or_replaced(string text, string expected)
    {
        Assert.Equal(expected, MarkupText.Escape(text));
        Assert.Equal(expected, XElement.Parse($"<p>{MarkupText.Escape(text)}</p>", LoadOptions.PreserveWhitespace).Value);
    }

    [Fact]
    public void Half_a_character_is_replaced_and_a_whole_one_kept() => Assert.Equal("😀 �x", MarkupText.Escape("\ud83d\ude00 \ud83dx"));

    [Theory]
    [InlineData("a < b")]
    [InlineData("a && b")]
    public void Code_that_HTML_and_XML_read_differently_is_refused(string code) =>
        Assert.Throws<ArgumentException>(() => new MarkupWriter().Code("script", code));
}
