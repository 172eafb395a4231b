namespace Kpod.LanguageModels.Export;

/// <summary>A text on which the model before and after an export must agree.</summary>
/// <param name="Prompt">What the model reads.</param>
/// <param name="Response">What it is to write behind; null to go on with the prompt's own words.</param>
public sealed record GateText(string Prompt, string? Response = null)
{
    /// <summary>Questions for a model that comes without any: words, numbers, choices, marks and letters beyond ASCII.</summary>
    public static IReadOnlyList<GateText> BuiltIn { get; } =
    [
        new("Q: Tom has 3 apples and buys 14 more. He gives half of them away, rounded down. How many has he? A: Let's think step by step.", "Tom has 3 + 14 = 17 apples. Half of 17, rounded down, is 8. 17 - 8 = 9."),
        new("Q: Where would you put a plate after washing it? (A) kitchen (B) cupboard (C) table (D) dishwasher (E) flea market A: Let's think step by step.", "A clean plate is stored. Plates are stored in a cupboard."),
        new("The capital of France is Paris, and the capital of Italy is Rome. Élodie's café opened at 9:30 — its “menu” costs €12.50."),
        new("def area(width, height):\n    return width * height\n\nprint(area(3, 4))"),
    ];
}
