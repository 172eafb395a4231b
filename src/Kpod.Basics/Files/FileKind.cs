using System.Runtime.InteropServices;

namespace Kpod.Files;

/// <summary>Tells ordinary files from what only looks like one: to open a pipe that nobody writes to waits for ever, and a device has no end.</summary>
public static partial class FileKind
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeAndMode = 3; // STATX_TYPE | STATX_MODE
    private const int ModeOffset = 28; // of stx_mode in struct statx, the same on every processor
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>Whether a path, links followed, is an ordinary file; true too where that cannot be told or nothing is there, which opening it will say.</summary>
    /// <param name="path">The path.</param>
    /// <returns>False for pipes, sockets and devices.</returns>
    public static bool IsRegular(string path) => TypeOf(path) is null or Regular or Folder;

    /// <summary>Refuses a pipe, a socket or a device.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="KpodException">It is one.</exception>
    public static void RefuseUnlessRegular(string path)
    {
        if (!IsRegular(path))
        {
            throw new KpodException($"{path}: is no ordinary file but a pipe, socket or device; name a file.");
        }
    }

    private static int? TypeOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> status = stackalloc byte[512];
        try
        {
            return StatX(CurrentFolder, path, 0, TypeAndMode, status) == 0 ? MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // a C library from before 2018
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> status);
}
