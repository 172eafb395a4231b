using System.Runtime.InteropServices;

namespace Kpod.LanguageModels.Kernels;

/// <summary>Room for some rows of numbers, for one thread and the length of a call.</summary>
internal readonly unsafe ref struct RowMemory
{
    private const int CacheLine = 64;

    /// <summary>Takes memory.</summary>
    /// <param name="count">Numbers.</param>
    public RowMemory(int count) => Start = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), CacheLine);

    /// <summary>The first number; not set to anything.</summary>
    public float* Start { get; }

    /// <summary>Gives it back.</summary>
    public void Dispose() => NativeMemory.AlignedFree(Start);
}
