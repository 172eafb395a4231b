namespace Kpod.LanguageModels.Export;

/// <summary>The files of a Hugging Face folder beside configuration and weights.</summary>
internal static class ModelFiles
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.model", "spiece.model", "vocab.json", "merges.txt", "chat_template.jinja",
        "chat_template.json", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE", "NOTICE.txt", "USE_POLICY.md",
    };

    /// <summary>Whether a file goes along unchanged: tokenizer, chat template, licence. A README does not: it describes the base model, not the student.</summary>
    /// <param name="name">The file's name.</param>
    /// <returns>True if it does.</returns>
    public static bool IsCopied(string name) => Names.Contains(name);

    /// <summary>Copies these files.</summary>
    /// <param name="from">A Hugging Face folder.</param>
    /// <param name="to">An existing folder.</param>
    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from).Where(file => IsCopied(Path.GetFileName(file))))
        {
            // The content alone: a copy of a read-only file must not be read-only.
            using var source = File.OpenRead(file);
            using var target = File.Create(Path.Combine(to, Path.GetFileName(file)));
            source.CopyTo(target);
        }
    }
}
