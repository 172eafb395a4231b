using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kpod;

/// <summary>
/// Seeds for every use of chance, derived from the run's seed, a purpose and a number. No generator runs through a whole training, so there is no
/// state to save: step 500 draws the same numbers whether or not the run was interrupted before it.
/// </summary>
public static class Seeds
{
    /// <summary>A seed for one purpose.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for, such as <c>data order</c>.</param>
    /// <param name="index">Epoch, step or whatever counts the draws of this purpose.</param>
    /// <returns>A non-negative number.</returns>
    public static long Derive(long seed, string purpose, long index = 0)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{purpose}/{index}"));
        return BinaryPrimitives.ReadInt64LittleEndian(digest) & long.MaxValue;
    }

    /// <summary>A generator for one purpose.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="index">Epoch, step or whatever counts the draws of this purpose.</param>
    /// <returns>A generator of its own.</returns>
    public static Random Generator(long seed, string purpose, long index = 0) => new((int)(Derive(seed, purpose, index) & int.MaxValue));
}
