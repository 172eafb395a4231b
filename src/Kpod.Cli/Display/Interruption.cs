using System.Runtime.InteropServices;

namespace Kpod.Cli.Display;

/// <summary>Turns Ctrl-C and a polite kill into a cancellation: the step under way ends and its state is saved. A second Ctrl-C ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly bool _savesWork;

    /// <summary>Listens from now on.</summary>
    /// <param name="savesWork">Whether the verb saves what it has done, which takes a moment.</param>
    public Interruption(bool savesWork)
    {
        _savesWork = savesWork;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            return; // not cancelled: the default action ends the process
        }

        context.Cancel = true;
        if (_savesWork)
        {
            Console.Error.WriteLine("kpod: finishing the step under way and saving; press Ctrl-C again to stop at once.");
        }

        _source.Cancel();
    }
}
