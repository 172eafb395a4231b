using Kpod.Tokenizers.ChatTemplates;

namespace Kpod.Tokenizers.Tests.ChatTemplates;

/// <summary>What is easily missed of Jinja. The expected texts are those of jinja2 3.1.6 under Python 3.11 in transformers' environment, of which twenty thousand generated templates were compared.</summary>
public sealed class JinjaTests
{
    [Theory]
    [InlineData("{{ 'ab'[::-1] }}{{ '😀b'[0] }}{{ '😀b' | length }}{{ range(7)[1:6:2] | list }}", "ba😀2[1, 3, 5]")]
    [InlineData("{{ ' a  b  c '.split(None, 1) }}{{ 'a-b-c'.rsplit('-', 1) }}{{ ''.split() }}{{ ''.split(',') }}", "['a', 'b  c ']['a-b', 'c'][]['']")]
    [InlineData("{{ 'aXbX'.replace('X', '', 1) }}|{{ 'ab'.replace('', '.') }}|{{ 'abc' | replace('b', 1) }}", "abX|.a.b.|a1c")]
    [InlineData("{{ 'ß ΑΣ'.upper() }}|{{ 'ΑΣ ΣΑ'.lower() }}|{{ \"it's a-b\" | title }}|{{ \"it's a-b\".title() }}", "SS ΑΣ|ας σα|It's A-B|It'S A-B")]
    [InlineData("{{ 1e16 }} {{ 1e15 }} {{ 1e-5 }} {{ 0.0001 }} {{ 5e-324 }} {{ 1e23 }} {{ -0.0 }}", "1e+16 1000000000000000.0 1e-05 0.0001 5e-324 1e+23 -0.0")]
    [InlineData("{{ 2.675 | round(2) }} {{ 0.5 | round }} {{ 1.5 | round }} {{ 1250 | round(-2) }} {{ 2.1 | round(0, 'ceil') }}", "2.67 0.0 2.0 1200 3.0")]
    [InlineData("{{ -7 // 2 }} {{ 7 % -3 }} {{ -7.5 % 2 }} {{ 2 ** 64 }} {{ -2 ** 2 }} {{ 10 ** 25 / 3 }}", "-4 -2 0.5 18446744073709551616 4 3.3333333333333333e+24")]
    [InlineData("{{ {1: 'a', 1.0: 'b', true: 'c'} }}{{ [1, 2.0] == [1.0, 2] }}{{ 'Z' < 'a' }}{{ (1, 2) < (1, 3) }}", "{1: 'c'}TrueTrueTrue")]
    [InlineData("{% for x in [1] %}{% break %}{% else %}else{% endfor %}", "else")]
    [InlineData("{% set g = [1, 2] | map('string') %}{{ g | join }}|{{ g | join }}", "12|")]
    [InlineData("{% for x in [1, 2] | map('string') %}{{ x }}/{{ loop.length }}{{ ';' if not loop.last }}{% endfor %}", "1/2;2/2")]
    [InlineData("{% for n in [{'v': 1, 'c': [{'v': 2, 'c': []}]}] recursive %}{{ n.v }}@{{ loop.depth }}{{ loop(n.c) }}{% endfor %}", "1@12@2")]
    [InlineData("{% if false %}{{ 'a' | nosuch }}{% endif %}{{ 'x' if true else 'a' | nosuch }}", "x")]
    [InlineData("{{ {'a': [1, {'é': none}]} | tojson(indent=1) }}{{ 'é😀' | tojson(ensure_ascii=true) }}", "{\n \"a\": [\n  1,\n  {\n   \"é\": null\n  }\n ]\n}\"\\u00e9\\ud83d\\ude00\"")]
    [InlineData("{{ '%05.1f|%-4s|%x' % (2.25, 'a', 255) }}{{ '{:>5}|{:,}|{!r}'.format('a', 12345, 'q') }}", "002.2|a   |ff    a|12,345|'q'")]
    [InlineData("{{ ('<' | e) + '<' }}{{ '<' ~ ('<' | e) }}", "&lt;&lt;<&lt;")]
    [InlineData("{% macro f(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }}{{ f(1, b=2) }}{{ f.arguments }}", "1112('a', 'b')")]
    [InlineData("{% generation %}{% set x = 1 %}{{ x }}{% endgeneration %}{{ x is defined }}", "1False")]
    [InlineData("{{ strftime_now('%d %b %Y, %-d/%-m %H:%M %j %p') }}", "06 Nov 2026, 6/11 07:08 310 AM")]
    public void Renders_as_the_reference(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ none[1:] is defined }}{{ messages[0][1:] }}", "TypeError")]
    [InlineData("{{ messages.append(1) }}", "SecurityError")]
    [InlineData("{% set ns = {} %}{% set ns.a = 1 %}", "TemplateRuntimeError")]
    [InlineData("{% for x in [1] %}{% if false %}{{ 'a' | nosuch }}{% endif %}{% for y in [] %}{{ 'a' | nosuch }}{% endfor %}{% endfor %}", "TemplateAssertionError")]
    [InlineData("{{ [1, 'a'] | sort }}", "TypeError")]
    [InlineData("{{ 1 // 0 }}", "ZeroDivisionError")]
    [InlineData("{{ '{} {0}'.format(1) }}", "ValueError")]
    [InlineData("{{ range(1000000) }}", "OverflowError")]
    [InlineData("{{ 'a' | urlize }}", "NotImplementedError")]
    [InlineData("{% include 'other' %}", "TemplateSyntaxError")]
    public void Fails_as_the_reference(string template, string kind) => Assert.Equal(kind, Assert.Throws<ChatTemplateException>(() => Render(template)).Kind);

    [Fact]
    public void A_fault_names_file_and_line()
    {
        var fault = Assert.Throws<ChatTemplateException>(() => Render("a\n{% if true %}\n{{ missing.x }}{% endif %}"));
        Assert.Equal("model/tokenizer_config.json: chat template, line 3: 'missing' is undefined (UndefinedError)", fault.Message);
        var refusal = Assert.Throws<ChatTemplateException>(() => Render("{{ raise_exception('no system, please') }}"));
        Assert.Equal("model/tokenizer_config.json: chat template, line 1: it refuses the conversation: no system, please", refusal.Message);
        Assert.Equal("no system, please", refusal.TemplateMessage);
    }

    [Theory]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(99999) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{{ 'a' * 999999999999 }}")]
    [InlineData("{{ [1] * 999999999 }}")]
    [InlineData("{{ 9 ** (9 ** 9) }}")]
    [InlineData("{{ 'x' | center(2000000000) }}")]
    [InlineData("{{ '%2000000000d' % 1 }}")]
    [InlineData("{{ '{:2000000000}'.format(1) }}")]
    [InlineData("{{ ('a' * 1000000).replace('a', 'b' * 1000000) }}")]
    [InlineData("{{ (['a'] * 1000000) | join('b' * 1000000) | length }}")]
    [InlineData("{% set s = 'a' * 9000000 %}{% for i in range(99999) %}{{ ('a' * 4000000 ~ 'b') in s }}{% endfor %}")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}")]
    [InlineData("{% set ns = namespace(x=[], y=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}")]
    [InlineData("{% set ns = namespace(x=()) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x | tojson }}")]
    [InlineData("{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}")]
    [InlineData("{% for n in [[]] recursive %}{{ loop([[]]) }}{% endfor %}")]
    public void A_hostile_template_is_stopped(string template)
    {
        var fault = Assert.Throws<ChatTemplateException>(() => Render(template));
        Assert.Contains("model/tokenizer_config.json: chat template", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{1:", "}")]
    [InlineData("-", "")]
    [InlineData("not ", "")]
    [InlineData("f(", ")")]
    [InlineData("1 is in(", ")")]
    public void Nesting_without_end_is_refused(string open, string close)
    {
        const int depth = 100_000;
        var template = "{{ " + string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth)) + " }}";
        Assert.Throws<ChatTemplateException>(() => Render(template));
        Assert.Throws<ChatTemplateException>(() => Render(string.Concat(Enumerable.Repeat("{% if true %}", depth / 2)) + string.Concat(Enumerable.Repeat("{% endif %}", depth / 2))));
    }

    [Fact]
    public void A_long_chain_is_rendered_or_refused_but_never_ends_the_process()
    {
        var template = "{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 200_000)) + " }}";
        try
        {
            Assert.Equal("200001", Render(template));
        }
        catch (ChatTemplateException fault)
        {
            Assert.Contains("nested too deep", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_cut_or_changed_template_does_anything_but_render_or_fail_with_a_message()
    {
        const string source = "{% set ns = namespace(a=1) %}{% for m in messages if m.role != 'x' %}{{- '<|' ~ m['role'] | upper ~ '|>' + m.content[1:] }}{% if loop.last and not add_generation_prompt %}"
            + "{% macro f(a, b=2) %}{{ a }}{% endmacro %}{{ f(1) }}{% else %}{# c #}{% raw %}{{ }}{% endraw %}{% endif %}{% endfor %}{{ '%s' % ns.a | tojson }}";
        var random = new Random(3);
        var rendered = 0;
        for (var round = 0; round < 3000; round++)
        {
            var changed = source.ToCharArray().ToList();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var place = random.Next(changed.Count);
                switch (random.Next(3))
                {
                    case 0:
                        changed.RemoveRange(place, Math.Min(random.Next(1, 12), changed.Count - place));
                        break;
                    case 1:
                        changed[place] = source[random.Next(source.Length)];
                        break;
                    default:
                        changed.Insert(place, source[random.Next(source.Length)]);
                        break;
                }
            }

            try
            {
                Render(new string([.. changed]));
                rendered++;
            }
            catch (ChatTemplateException)
            {
                // What any other exception would be is what this test is about.
            }
        }

        Assert.InRange(rendered, 50, 2900);
    }

    private static string Render(string template)
    {
        ChatMessage[] messages = [new("user", "Hello"), new("assistant", "Yes?")];
        return new ChatTemplate(template, "model/tokenizer_config.json", "<s>", "</s>").Render(messages, addGenerationPrompt: false, new DateTimeOffset(2026, 11, 6, 7, 8, 9, TimeSpan.Zero)).Text;
    }
}
