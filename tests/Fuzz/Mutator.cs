using System.Buffers.Binary;

namespace ShardStore.Fuzz;

/// <summary>Damages bytes in the ways that break parsers: flips, cuts, repeats, pieces of another input, numbers at the
/// ends of their range. The same random numbers give the same damage.</summary>
internal static class Mutator
{
    private const int MutationsMax = 6;
    private const int PieceMax = 64;

    private static readonly long[] s_edges =
    [
        0, 1, -1, sbyte.MaxValue, byte.MaxValue, short.MaxValue, ushort.MaxValue, int.MaxValue, int.MinValue,
        uint.MaxValue, long.MaxValue, long.MinValue, 1 << 20, 1 << 30,
    ];

    private static readonly string[] s_words =
    [
        "-1", "0", "99999999999999999999", "2147483647", "-2147483648", "9223372036854775807", "1e308", "NaN", "null",
        "true", "{", "}", "[", "]", "\"", "\\u0000", "\r\n", "*", "$", "+", ":", ",", "\0", "\ud83d",
    ];

    public static byte[] Damage(byte[] good, byte[] other, Random random)
    {
        var bytes = good.ToList();
        for (var left = random.Next(1, MutationsMax + 1); left > 0; left--)
            Mutate(bytes, other, random);
        return [.. bytes];
    }

    private static void Mutate(List<byte> bytes, byte[] other, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(8))
        {
            case 0 when bytes.Count > 0:
                bytes[Math.Min(at, bytes.Count - 1)] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[Math.Min(at, bytes.Count - 1)] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(PieceMax)));
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(PieceMax))));
                break;
            case 4 when other.Length > 0:
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, random.Next(PieceMax))));
                break;
            case 5:
                WriteEdge(bytes, at, random);
                break;
            case 6:
                bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(s_words[random.Next(s_words.Length)]));
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    private static void WriteEdge(List<byte> bytes, int at, Random random)
    {
        Span<byte> edge = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(edge, s_edges[random.Next(s_edges.Length)]);
        var width = 1 << random.Next(4);
        for (var i = 0; i < width && at + i < bytes.Count; i++)
            bytes[at + i] = edge[i];
    }
}
