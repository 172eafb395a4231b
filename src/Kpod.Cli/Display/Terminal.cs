using Spectre.Console;
using Spectre.Console.Rendering;

namespace Kpod.Cli.Display;

/// <summary>The one way to the terminal: plain text goes through a <see cref="SafeWriter"/>, and of what is drawn every piece of text is made safe before colours are put around it.</summary>
internal static class Terminal
{
    /// <summary>Standard error as it is, for a line that is drawn over; its text is to be made safe by whoever draws it.</summary>
    public static TextWriter RawError { get; private set; } = TextWriter.Null;

    /// <summary>Draws tables and colours.</summary>
    public static IAnsiConsole Drawing { get; private set; } = AnsiConsole.Console;

    /// <summary>Puts the safe writers in the place of the console's own.</summary>
    public static void Guard()
    {
        RawError = Console.Error;
        Drawing = AnsiConsole.Create(new AnsiConsoleSettings { Out = new Output(Console.Out) });
        Drawing.Pipeline.Attach(new SafeText());
        Console.SetOut(TextWriter.Synchronized(new SafeWriter(Console.Out)));
        Console.SetError(TextWriter.Synchronized(new SafeWriter(Console.Error)));
    }

    // Of a writer that is no longer the console's own Spectre would not know that it is a terminal.
    private sealed class Output(TextWriter writer) : IAnsiConsoleOutput
    {
        private readonly AnsiConsoleOutput _inner = new(writer);

        public TextWriter Writer => writer;

        public bool IsTerminal => !Console.IsOutputRedirected;

        public int Width => _inner.Width;

        public int Height => _inner.Height;

        public void SetEncoding(System.Text.Encoding encoding) => _inner.SetEncoding(encoding);
    }

    private sealed class SafeText : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(renderable => new SafeRenderable(renderable));
    }

    private sealed class SafeRenderable(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            inner.Render(options, maxWidth).Select(segment => segment.IsControlCode ? segment : segment.IsLineBreak ? segment : new Segment(Files.SafeText.Of(segment.Text), segment.Style));
    }
}
