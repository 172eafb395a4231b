using System.Runtime.InteropServices;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>Reads the key-values of a GGUF file.</summary>
internal static class GgufMetadataReader
{
    // A key of one byte with its length, a type and a value of one byte.
    private const int FewestBytesPerValue = 8 + 1 + 4 + 1;

    /// <summary>Reads the key-values.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="cursor">Behind the header; afterwards behind the key-values.</param>
    /// <param name="count">How many the header announces.</param>
    /// <returns>The key-values.</returns>
    /// <exception cref="KpodException">A key stands twice, a value breaks the format, or the file ends.</exception>
    public static GgufMetadata Read(string path, GgufCursor cursor, ulong count)
    {
        if (count > (ulong)(cursor.Remaining / FewestBytesPerValue))
        {
            throw cursor.Fault($"the header announces {count} key-values, more than the file can hold");
        }

        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (ulong index = 0; index < count; index++)
        {
            cursor.Place = $"key {index}";
            var key = cursor.Text();
            if (key.Length == 0)
            {
                throw cursor.Fault($"key {index} is empty");
            }

            cursor.Place = $"the value of {key}";
            if (!values.TryAdd(key, Value(cursor)))
            {
                throw cursor.Fault($"the key {key} stands twice");
            }
        }

        return new GgufMetadata(path, values);
    }

    private static object Value(GgufCursor cursor) => cursor.UInt32() switch
    {
        0 => cursor.Bytes(1)[0],
        1 => (sbyte)cursor.Bytes(1)[0],
        2 => Plain<ushort>(cursor),
        3 => Plain<short>(cursor),
        4 => Plain<uint>(cursor),
        5 => Plain<int>(cursor),
        6 => Plain<float>(cursor),
        7 => Flag(cursor, cursor.Bytes(1)[0]),
        8 => cursor.Text(),
        9 => List(cursor),
        10 => Plain<ulong>(cursor),
        11 => Plain<long>(cursor),
        12 => Plain<double>(cursor),
        var type => throw cursor.Fault($"{cursor.Place} is of type {type}, which GGUF does not have"),
    };

    private static Array List(GgufCursor cursor) => cursor.UInt32() switch
    {
        0 => PlainList<byte>(cursor),
        1 => PlainList<sbyte>(cursor),
        2 => PlainList<ushort>(cursor),
        3 => PlainList<short>(cursor),
        4 => PlainList<uint>(cursor),
        5 => PlainList<int>(cursor),
        6 => PlainList<float>(cursor),
        7 => FlagList(cursor),
        8 => TextList(cursor),
        9 => throw cursor.Fault($"{cursor.Place} is a list of lists, which no model needs and which is not read"),
        10 => PlainList<ulong>(cursor),
        11 => PlainList<long>(cursor),
        12 => PlainList<double>(cursor),
        var type => throw cursor.Fault($"{cursor.Place} is a list of type {type}, which GGUF does not have"),
    };

    private static unsafe T Plain<T>(GgufCursor cursor)
        where T : unmanaged => MemoryMarshal.Read<T>(cursor.Bytes(sizeof(T)));

    private static unsafe T[] PlainList<T>(GgufCursor cursor)
        where T : unmanaged
    {
        var count = cursor.Count("elements", sizeof(T));
        return MemoryMarshal.Cast<byte, T>(cursor.Bytes((long)count * sizeof(T))).ToArray();
    }

    private static bool[] FlagList(GgufCursor cursor)
    {
        var count = cursor.Count("elements", 1);
        var flags = new bool[count];
        var bytes = cursor.Bytes(count);
        for (var index = 0; index < count; index++)
        {
            flags[index] = Flag(cursor, bytes[index]);
        }

        return flags;
    }

    private static string[] TextList(GgufCursor cursor)
    {
        var place = cursor.Place;
        var texts = new string[cursor.Count("texts", 8)];
        for (var index = 0; index < texts.Length; index++)
        {
            cursor.Place = $"{place}, entry {index},";
            texts[index] = cursor.Text();
        }

        cursor.Place = place;
        return texts;
    }

    private static bool Flag(GgufCursor cursor, byte value) => value switch
    {
        0 => false,
        1 => true,
        _ => throw cursor.Fault($"{cursor.Place} is a bool of the byte {value}; only 0 and 1 are allowed"),
    };
}
