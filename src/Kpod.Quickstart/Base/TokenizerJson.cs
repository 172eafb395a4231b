using System.Text.Json.Nodes;

namespace Kpod.Quickstart.Base;

/// <summary>What the tokenizer files of both families have in common.</summary>
internal static class TokenizerJson
{
    /// <summary>A special token as <c>tokenizer.json</c> lists it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="content">Its text.</param>
    /// <returns>An entry of <c>added_tokens</c>.</returns>
    public static JsonObject AddedToken(int id, string content) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };
}
