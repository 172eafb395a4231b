using System.Globalization;
using System.Text;

namespace Kpod.Reports.Markup;

/// <summary>
/// The sequential colours of the heat map: eleven steps from the page's surface to a deep (light theme) or bright (dark theme) orange. Lightness moves one
/// way only, so the order is seen with any colour vision and in print; the ink on each step is the one of black and white that reads better.
/// </summary>
internal static class HeatPalette
{
    /// <summary>Steps, for w = 0, 0.1, ... 1.</summary>
    public const int Levels = 11;

    private static readonly Colour[] LightStops = [new(0xFF, 0xFF, 0xFF), new(0xFE, 0xE3, 0xB8), new(0xFC, 0xB4, 0x6A), new(0xEE, 0x72, 0x2E), new(0xB4, 0x36, 0x0C), new(0x78, 0x1C, 0x04)];
    private static readonly Colour[] DarkStops = [new(0x1A, 0x1E, 0x25), new(0x43, 0x29, 0x22), new(0x7A, 0x3A, 0x1C), new(0xB8, 0x5A, 0x14), new(0xED, 0x92, 0x2B), new(0xFF, 0xD9, 0x80)];

    /// <summary>The step of a weight.</summary>
    /// <param name="weight">w; what is outside 0 to 1, or no number, lands on an end.</param>
    /// <returns>0 to 10.</returns>
    public static int LevelOf(double weight) => double.IsNaN(weight) ? 0 : (int)Math.Round(Math.Clamp(weight, 0, 1) * (Levels - 1), MidpointRounding.AwayFromZero);

    /// <summary>The colours as custom properties: <c>--h0</c> to <c>--h10</c> and the ink on them, <c>--i0</c> to <c>--i10</c>.</summary>
    /// <param name="dark">For the dark theme.</param>
    /// <returns>Declarations for a style sheet.</returns>
    public static string Declarations(bool dark)
    {
        var css = new StringBuilder();
        for (var level = 0; level < Levels; level++)
        {
            var (ground, ink) = At(level, dark);
            css.Append(CultureInfo.InvariantCulture, $"--h{level}:{ground};--i{level}:{ink};");
        }

        return css.ToString();
    }

    /// <summary>Ground and ink of a step.</summary>
    /// <param name="level">0 to 10.</param>
    /// <param name="dark">For the dark theme.</param>
    /// <returns>The two colours.</returns>
    internal static (Colour Ground, Colour Ink) At(int level, bool dark)
    {
        var stops = dark ? DarkStops : LightStops;
        var place = (double)level / (Levels - 1) * (stops.Length - 1);
        var below = Math.Min(stops.Length - 2, (int)place);
        var ground = stops[below].Towards(stops[below + 1], place - below);
        var black = new Colour(0, 0, 0);
        var white = new Colour(0xFF, 0xFF, 0xFF);
        return (ground, ground.ContrastWith(black) >= ground.ContrastWith(white) ? black : white);
    }
}
