using System.Runtime.InteropServices;
using TorchSharp;

namespace Kpod.LanguageModels.Native;

/// <summary>
/// Divides work among libtorch's own threads. Between two operators these wait for the next by spinning, so other threads would have to compete with them for the
/// processors. Where libtorch has no OpenMP of GNU's (elsewhere than on Linux), the calling thread does all.
/// </summary>
internal static unsafe partial class ThreadTeam
{
    private static readonly delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void> GompParallel = Find();

    /// <summary>Divides a range into as many parts of one length as libtorch has threads and waits until all are done.</summary>
    /// <param name="count">End of the range, which starts at 0.</param>
    /// <param name="least">A part is at least so long.</param>
    /// <param name="work">Is given the start and the end of a part, and calls nothing of libtorch.</param>
    public static void Divide(long count, long least, Action<long, long> work)
    {
        var threads = (int)Math.Min(torch.get_num_threads(), count / Math.Max(1, least));
        if (threads <= 1 || GompParallel is null)
        {
            work(0, count);
            return;
        }

        var job = new Job(count, threads, work);
        var handle = GCHandle.Alloc(job);
        GompParallel(&Enter, GCHandle.ToIntPtr(handle), (uint)threads, 0);
        handle.Free();
        job.Finish();
    }

    // Depends on libtorch_cpu, which the search goes through.
    private static delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void> Find() =>
        NativeLibrary.TryLoad("torch_cpu", typeof(ThreadTeam).Assembly, null, out var library) && NativeLibrary.TryGetExport(library, "GOMP_parallel", out var address)
            ? (delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void>)address
            : null;

    [UnmanagedCallersOnly]
    private static void Enter(nint job) => ((Job)GCHandle.FromIntPtr(job).Target!).Enter();

    /// <summary>Each thread of the team takes parts until none is left: the team may be smaller than asked for.</summary>
    private sealed class Job(long count, int parts, Action<long, long> work)
    {
        private int _taken;
        private Exception? _failure;

        public void Enter()
        {
            var length = (count + parts - 1) / parts;
            for (var part = Interlocked.Increment(ref _taken) - 1; part < parts; part = Interlocked.Increment(ref _taken) - 1)
            {
                try
                {
                    work(part * length, Math.Min(count, (part + 1) * length));
                }
                catch (Exception failure) // must not leave through native frames
                {
                    _failure = failure;
                }
            }
        }

        public void Finish()
        {
            if (_failure is not null)
            {
                throw new InvalidOperationException("A thread of the team failed.", _failure);
            }
        }
    }
}
