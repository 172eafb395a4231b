using System.Buffers.Binary;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text;

namespace Kpod.LanguageModels.Native;

/// <summary>
/// Lets TorchSharp's native library load on Linux systems whose C++ runtime is older than the one it was linked with.
/// The library asks for version GLIBCXX_3.4.32 because of one symbol that is never called; on such systems a copy in which that
/// one request is marked weak is loaded instead. Systems with a newer runtime load the file as it is (docs/decisions/0002).
/// </summary>
internal static class LibTorchLoader
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 2; // VER_FLG_WEAK
    private const string LibraryName = "LibTorchSharp";

    private static nint _handle;

#pragma warning disable CA2255 // A library must install the hook before its first use of TorchSharp, and this is the only place that is early enough.
    [ModuleInitializer]
    internal static void Install()
#pragma warning restore CA2255
    {
        if (OperatingSystem.IsLinux())
        {
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
        }
    }

    // Only called after the runtime's own search has failed, so a system that needs no mend never comes here.
    private static nint Resolve(Assembly assembly, string name)
    {
        if (name is not (LibraryName or "lib" + LibraryName))
        {
            return 0;
        }

        if (_handle == 0)
        {
            var library = Find();
            _handle = library is null ? 0 : LoadWithWeakVersion(library);
        }

        return _handle;
    }

    private static string? Find()
    {
        string[] candidates =
        [
            Path.Combine(AppContext.BaseDirectory, $"lib{LibraryName}.so"),
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", $"lib{LibraryName}.so"),
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", $"lib{LibraryName}.so"),
        ];
        return candidates.FirstOrDefault(File.Exists);
    }

    private static nint LoadWithWeakVersion(string library)
    {
        var folder = Path.GetDirectoryName(library)!;
        foreach (var dependency in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
        {
            // The patched copy lies elsewhere and could not find these by its own run path.
            NativeLibrary.TryLoad(Path.Combine(folder, dependency), out _);
        }

        var image = File.ReadAllBytes(library);
        if (MarkVersionsWeak(image, IsNewerThanDebian12) == 0)
        {
            return 0;
        }

        var copy = Path.Combine(Path.GetTempPath(), $"kpod-{LibraryName}-{Environment.ProcessId}.so");
        try
        {
            File.WriteAllBytes(copy, image);
            return NativeLibrary.TryLoad(copy, out var handle) ? handle : 0;
        }
        finally
        {
            File.Delete(copy); // the mapping stays valid
        }
    }

    private static bool IsNewerThanDebian12(string version)
    {
        const string Prefix = "GLIBCXX_3.4.";
        return version.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(version.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            && minor > 30;
    }

    /// <summary>Sets the weak flag on every version request of a 64-bit little-endian ELF image that <paramref name="matches"/> accepts.</summary>
    /// <param name="image">The whole file; changed in place.</param>
    /// <param name="matches">Tells by name whether a version is to be made weak.</param>
    /// <returns>The number of requests that were marked.</returns>
    internal static int MarkVersionsWeak(Span<byte> image, Func<string, bool> matches)
    {
        var sectionTable = checked((int)BinaryPrimitives.ReadInt64LittleEndian(image[0x28..]));
        var sectionSize = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3A..]);
        var sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3C..]);
        var marked = 0;
        for (var section = 0; section < sectionCount; section++)
        {
            var header = image.Slice(sectionTable + (section * sectionSize), sectionSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != VersionNeedSection)
            {
                continue;
            }

            var stringTable = BinaryPrimitives.ReadInt32LittleEndian(header[0x28..]);
            var names = checked((int)BinaryPrimitives.ReadInt64LittleEndian(image[(sectionTable + (stringTable * sectionSize) + 0x18)..]));
            marked += MarkSection(image, checked((int)BinaryPrimitives.ReadInt64LittleEndian(header[0x18..])), names, matches);
        }

        return marked;
    }

    // A verneed section is a chain of files, each with a chain of versions; both are linked by relative offsets, 0 at the end.
    private static int MarkSection(Span<byte> image, int file, int names, Func<string, bool> matches)
    {
        var marked = 0;
        for (var nextFile = -1; nextFile != 0; file += nextFile)
        {
            var version = file + BinaryPrimitives.ReadInt32LittleEndian(image[(file + 8)..]);
            for (var nextVersion = -1; nextVersion != 0; version += nextVersion)
            {
                var name = image[(names + BinaryPrimitives.ReadInt32LittleEndian(image[(version + 8)..]))..];
                if (matches(Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)])))
                {
                    var flags = BinaryPrimitives.ReadUInt16LittleEndian(image[(version + 4)..]);
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(version + 4)..], (ushort)(flags | WeakFlag));
                    marked++;
                }

                nextVersion = BinaryPrimitives.ReadInt32LittleEndian(image[(version + 12)..]);
            }

            nextFile = BinaryPrimitives.ReadInt32LittleEndian(image[(file + 12)..]);
        }

        return marked;
    }
}
