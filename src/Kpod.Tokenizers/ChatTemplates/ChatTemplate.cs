using System.Text.Json;
using Kpod.Tokenizers.ChatTemplates.Jinja.Execution;
using Kpod.Tokenizers.ChatTemplates.Jinja.Filters;
using Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates;

/// <summary>
/// A model's chat template: the Jinja program that turns a conversation into the text that the model was trained on. It is rendered as transformers renders
/// it (Jinja 3.1's immutable sandbox, <c>trim_blocks</c>, <c>lstrip_blocks</c>, <c>break</c> and <c>continue</c>, Python's <c>tojson</c>). A template that does not
/// come to an end, nests without end or writes without end is stopped with an error.
/// </summary>
public sealed class ChatTemplate
{
    private readonly IReadOnlyList<Statement> _statements;
    private readonly string _place;
    private readonly int _lines;
    private readonly Dictionary<string, object?> _tokens = new(StringComparer.Ordinal);

    /// <summary>Reads a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="place">The file that it is from, for errors.</param>
    /// <param name="beginToken">What <c>bos_token</c> is; null leaves it undefined.</param>
    /// <param name="endToken">What <c>eos_token</c> is; null leaves it undefined.</param>
    /// <exception cref="ChatTemplateException">It is no sound template, or uses what is not implemented.</exception>
    public ChatTemplate(string source, string place, string? beginToken, string? endToken)
        : this(source, place, Named(("bos_token", beginToken), ("eos_token", endToken)), [])
    {
    }

    /// <summary>Reads a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="place">The file that it is from, for errors.</param>
    /// <param name="tokens">The special tokens by the name under which the template knows them, such as <c>pad_token</c>; others stay undefined.</param>
    /// <param name="additional">What <c>additional_special_tokens</c> is; left undefined where it is empty.</param>
    /// <exception cref="ChatTemplateException">It is no sound template, or uses what is not implemented.</exception>
    public ChatTemplate(string source, string place, IReadOnlyDictionary<string, string> tokens, IReadOnlyList<string> additional)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(additional);
        _place = place;
        _lines = source.AsSpan().Count('\n') + 1;
        if (source.Length > RenderBudget.LongestTemplate)
        {
            throw new ChatTemplateException($"{place}: the chat template has {source.Length} characters; at most {RenderBudget.LongestTemplate} are read.");
        }

        _statements = Guarded(() => TemplateParser.Parse(source, FilterTable.IsKnown, TestTable.IsKnown));
        foreach (var (name, token) in tokens)
        {
            _tokens.Add(name, TemplateText.Own(token));
        }

        if (additional.Count > 0)
        {
            _tokens.Add("additional_special_tokens", new PythonList([.. additional.Select(TemplateText.Own)]));
        }
    }

    /// <summary>Names tokens for a template.</summary>
    /// <param name="tokens">Name and token; one that is null is left out.</param>
    /// <returns>The tokens by name.</returns>
    internal static Dictionary<string, string> Named(params ReadOnlySpan<(string Name, string? Token)> tokens)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, token) in tokens)
        {
            if (token is not null)
            {
                named.Add(name, token);
            }
        }

        return named;
    }

    /// <summary>Renders a conversation.</summary>
    /// <param name="messages">The conversation, at least one message.</param>
    /// <param name="addGenerationPrompt">Whether the text ends where the assistant is to speak.</param>
    /// <param name="now">The time, for templates that write a date.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ChatTemplateException">The template refuses the conversation, or fails.</exception>
    public ChatPrompt Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var prompt = Render(() => messages.Select(static message =>
        {
            var entry = new PythonDictionary();
            entry.Set(TemplateText.Own("role"), TemplateText.Of(message.Role, isForeign: true));
            entry.Set(TemplateText.Own("content"), TemplateText.Of(message.Content, isForeign: true));
            return entry;
        }), addGenerationPrompt, now, []);
        return prompt.Text.Length > 0 ? prompt
            : throw new ChatTemplateException($"{_place}: chat template, line 1 to {_lines}: it writes nothing for this conversation, as one does that is cut short or prints only what is not defined (loop outside of a loop, an index beyond the end); mend it, or leave the template out.");
    }

    /// <summary>Renders a conversation whose messages have any keys; a key whose value is null is left out.</summary>
    /// <param name="messages">The messages, each an object.</param>
    /// <param name="addGenerationPrompt">Whether the text ends where the assistant is to speak.</param>
    /// <param name="now">The time, for templates that write a date.</param>
    /// <param name="variables">Further variables of the template.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ChatTemplateException">The template refuses the conversation, or fails.</exception>
    internal ChatPrompt Render(IEnumerable<JsonElement> messages, bool addGenerationPrompt, DateTimeOffset now, IEnumerable<JsonProperty> variables) => Render(
        () => messages.Select(JsonValues.ReadMessage),
        addGenerationPrompt,
        now,
        variables.Select(static variable => KeyValuePair.Create(variable.Name, JsonValues.Read(variable.Value))));

    private ChatPrompt Render(Func<IEnumerable<object?>> messages, bool addGenerationPrompt, DateTimeOffset now, IEnumerable<KeyValuePair<string, object?>> further) => Guarded(() =>
    {
        var conversation = messages().ToArray();
        if (conversation.Length == 0)
        {
            throw TemplateFault.Value("Cannot apply chat template to an empty conversation. Provide at least one message.");
        }

        IEnumerable<KeyValuePair<string, object?>> given =
        [
            new("messages", new PythonList(conversation)), new("tools", null), new("documents", null), new("add_generation_prompt", addGenerationPrompt),
        ];
        return new ChatPrompt(StatementRunner.Render(_statements, [.. GlobalFunctions.All(now), .. given, .. _tokens, .. further]));
    });

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return RenderBudget.Within(work);
        }
        catch (TemplateFault fault)
        {
            var place = fault.Line > 0 ? $"{_place}: chat template, line {fault.Line}" : $"{_place}: chat template";
            throw new ChatTemplateException(fault.Kind == TemplateFault.Raised ? $"{place}: it refuses the conversation: {fault.Message}" : $"{place}: {fault.Message} ({fault.Kind})", fault)
            {
                Kind = fault.Kind,
                TemplateMessage = fault.Kind == TemplateFault.Raised ? fault.Message : null,
            };
        }
        catch (InsufficientExecutionStackException exception)
        {
            throw new ChatTemplateException($"{_place}: chat template: it is nested too deep.", exception);
        }
    }
}
