namespace Kpod.LanguageModels.Tests.Checkpoints;

/// <summary>Damages the bytes of a file in the ways in which files get damaged, or are made to do damage; the same seed, the same damage.</summary>
internal static class Mutation
{
    // Numbers at which counts, lengths and offsets overflow.
    private static readonly ulong[] Extremes =
        [0, 1, 0x7F, 0xFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1UL << 32, 1UL << 40, 1UL << 60, long.MaxValue, 1UL << 63, ulong.MaxValue - 31, ulong.MaxValue];

    /// <summary>Damages a copy of the bytes once to four times.</summary>
    public static byte[] Of(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var times = random.Next(1, 5); times > 0 && bytes.Count > 0; times--)
        {
            Damage(bytes, random);
        }

        return [.. bytes];
    }

    /// <summary>Runs a reader on many damaged copies of a file; it may succeed or say what is wrong, nothing else.</summary>
    public static void Run(string path, byte[] original, int rounds, int seed, Action read)
    {
        var random = new Random(seed);
        var refused = 0;
        for (var round = 0; round < rounds; round++)
        {
            File.WriteAllBytes(path, Of(original, random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read();
            }
            catch (KpodException exception)
            {
                refused++;
                Assert.Contains(Path.GetFileName(path), exception.Message, StringComparison.Ordinal);
                Assert.InRange(exception.Message.Length, 1, 4000);
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"round {round} of seed {seed}: {exception}");
            }

            // A header's claim must not be believed before it is held against the file; the readers' windows are of one mebibyte.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(path)}: {refused} of {rounds} refused");
        Assert.InRange(refused, rounds / 4, rounds);
    }

    private static void Damage(List<byte> bytes, Random random)
    {
        var place = random.Next(bytes.Count);
        switch (random.Next(7))
        {
            case 0:
                bytes[place] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[place] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(place, bytes.Count - place);
                break;
            case 3:
                bytes.RemoveRange(place, Math.Min(random.Next(1, 9), bytes.Count - place));
                break;
            case 4:
                bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(1, 33), bytes.Count - place)));
                break;
            case 5:
                Overwrite(bytes, place, BitConverter.GetBytes(Extremes[random.Next(Extremes.Length)]));
                break;
            default:
                Overwrite(bytes, place, "-1e999999999"u8);
                break;
        }
    }

    private static void Overwrite(List<byte> bytes, int place, ReadOnlySpan<byte> value)
    {
        for (var index = 0; index < value.Length && place + index < bytes.Count; index++)
        {
            bytes[place + index] = value[index];
        }
    }
}
