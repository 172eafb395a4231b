using System.Globalization;
using Kpod.Files;
using Kpod.Runs;

namespace Kpod.Cli.Display;

/// <summary>
/// Shows how a run goes on standard error: on a terminal one line that is redrawn, with rate, time left and loss; into a pipe or file a line where a piece
/// of work begins and ends, and nothing between.
/// </summary>
internal sealed class ConsoleObserver : IRunObserver
{
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(200);

    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private readonly TimeProvider _time;
    private long _workStarted;
    private long _lastDrawn;
    private long _doneAtStart = -1;
    private int _drawnWidth;

    public ConsoleObserver(TextWriter output, bool isTerminal, TimeProvider time)
    {
        _output = output;
        _isTerminal = isTerminal;
        _time = time;
    }

    public static ConsoleObserver OnStandardError() => new(Terminal.RawError, !Console.IsErrorRedirected, TimeProvider.System);

    public void OnEvent(RunEvent happening)
    {
        Clear();
        if (happening.Event == "started")
        {
            _workStarted = _time.GetTimestamp();
            _doneAtStart = -1;
        }

        var text = happening.Event switch
        {
            "started" => $"{happening.Work}: started",
            "finished" => $"{happening.Work}: done in {Duration(happening.Seconds ?? 0)}",
            "kept" => $"{happening.Work}: done before, kept",
            "reused" => $"{happening.Work}: taken {happening.Message}",
            "looked" or "priced" => $"{happening.Work}: {happening.Message}",
            _ => $"{happening.Work}: {happening.Event}",
        };
        _output.WriteLine(SafeText.Of(text));
    }

    public void OnProgress(string work, StageProgress progress)
    {
        if (!_isTerminal)
        {
            return;
        }

        if (_doneAtStart < 0)
        {
            // A resumed piece of work starts with much done already; the rate counts what this process does.
            _doneAtStart = progress.Done - 1;
            _workStarted = _time.GetTimestamp();
        }

        var now = _time.GetTimestamp();
        if (progress.Done < progress.Total && _time.GetElapsedTime(_lastDrawn, now) < RedrawEvery)
        {
            return;
        }

        _lastDrawn = now;
        var seconds = Math.Max(1e-3, _time.GetElapsedTime(_workStarted, now).TotalSeconds);
        var rate = Math.Max(0, progress.Done - _doneAtStart) / seconds;
        var left = rate > 0 ? Duration((progress.Total - progress.Done) / rate) : "?";
        var loss = progress.Loss is { } value ? string.Create(CultureInfo.InvariantCulture, $", loss {value:0.000}") : string.Empty;
        var note = progress.Note is { } text ? $", {text}" : string.Empty;
        Draw(string.Create(CultureInfo.InvariantCulture, $"{work}: {progress.Done} of {progress.Total} {progress.Unit}, {rate:0.0}/s, {left} left{loss}{note}"));
        if (progress.Done >= progress.Total)
        {
            Clear(); // what comes next begins on a line of its own
        }
    }

    public void OnWarning(string message)
    {
        Clear();
        _output.WriteLine(SafeText.Of($"warning: {message}"));
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };

    private void Draw(string text)
    {
        var line = SafeText.OneLine(text);
        _output.Write('\r' + line.PadRight(_drawnWidth));
        _drawnWidth = line.Length;
    }

    private void Clear()
    {
        if (_drawnWidth > 0)
        {
            _output.Write('\r' + new string(' ', _drawnWidth) + '\r');
            _drawnWidth = 0;
        }
    }
}
