namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>What a piece of a template's source is.</summary>
internal enum TokenKind
{
    /// <summary>Text between tags, printed as it is.</summary>
    Data,

    /// <summary><c>{{</c>.</summary>
    VariableBegin,

    /// <summary><c>}}</c>.</summary>
    VariableEnd,

    /// <summary><c>{%</c>.</summary>
    BlockBegin,

    /// <summary><c>%}</c>.</summary>
    BlockEnd,

    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A string literal.</summary>
    Text,

    /// <summary>A number literal.</summary>
    Number,

    /// <summary>An operator or bracket.</summary>
    Operator,

    /// <summary>The end of the template.</summary>
    End,
}
