using System.Text;
using Kpod.Files;

namespace Kpod.Cli.Display;

/// <summary>Standard output or standard error as all verbs write to it: what came from outside cannot steer the terminal (<see cref="SafeText"/>).</summary>
internal sealed class SafeWriter : TextWriter
{
    private readonly TextWriter _inner;

    /// <summary>Writes to another writer.</summary>
    /// <param name="inner">Takes the text made safe.</param>
    public SafeWriter(TextWriter inner)
        : base(inner.FormatProvider) => _inner = inner;

    /// <inheritdoc/>
    public override Encoding Encoding => _inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => _inner.Write(SafeText.Of(value.ToString()));

    /// <inheritdoc/>
    public override void Write(string? value) => _inner.Write(value is null ? null : SafeText.Of(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void WriteLine() => _inner.WriteLine();

    /// <inheritdoc/>
    public override void WriteLine(string? value) => _inner.WriteLine(value is null ? null : SafeText.Of(value));

    /// <inheritdoc/>
    public override void Flush() => _inner.Flush();
}
