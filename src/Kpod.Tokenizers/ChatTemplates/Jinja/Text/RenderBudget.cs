using System.Runtime.CompilerServices;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Text;

/// <summary>
/// What one rendering may cost, so that no template can hang the program or fill its memory. It belongs to the thread that renders: values are compared and
/// hashed inside collections, which pass nothing on.
/// </summary>
internal sealed class RenderBudget
{
    /// <summary>The longest template, in characters. Published ones have up to some twenty thousand.</summary>
    public const int LongestTemplate = 1 << 20;

    /// <summary>The longest text that a template may write; a million tokens of prose have about as many characters.</summary>
    public const int LongestText = 1 << 22;

    /// <summary>What a change between own and foreign text costs: each is kept, and a text may change at every character.</summary>
    public const int RunWork = 16;

    // Characters written and steps carried out, together. A conversation that fills a context of 128 k tokens costs some millions.
    private const long MostWork = 100_000_000;

    // The work that any step is counted as: evaluating a node costs as much time as writing some characters.
    private const int StepWork = 16;

    [ThreadStatic]
    private static RenderBudget? _current;

    private long _left = MostWork;

    /// <summary>Renders with a budget of its own.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="render">Renders.</param>
    /// <returns>The result.</returns>
    public static T Within<T>(Func<T> render)
    {
        var outer = _current;
        _current = new RenderBudget();
        try
        {
            return render();
        }
        finally
        {
            _current = outer;
        }
    }

    /// <summary>Counts one step, and sees to it that the stack does not run out.</summary>
    /// <exception cref="TemplateFault">The budget is used up, or the template is nested too deep.</exception>
    public static void Step()
    {
        Spend(StepWork);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateFault(TemplateFault.Limit, "calls or values are nested too deep");
        }
    }

    /// <summary>Counts what is about to be written.</summary>
    /// <param name="characters">How many characters, or items.</param>
    /// <exception cref="TemplateFault">The budget is used up.</exception>
    public static void Spend(long characters)
    {
        if (_current is { } budget && (budget._left -= Math.Min(characters, MostWork + 1)) < 0)
        {
            throw new TemplateFault(TemplateFault.Limit, "it runs too long or writes too much; does it loop without end?");
        }
    }
}
