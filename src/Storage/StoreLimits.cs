using System.Diagnostics.CodeAnalysis;

namespace ShardStore.Storage;

/// <summary>What a store takes. The same for every engine, so that a replica never refuses what another took.
/// </summary>
public static class StoreLimits
{
    /// <summary>Longest key. Unit: bytes. 64 KiB - 1: a record of key and header must fit a log page with room.
    /// </summary>
    public const int KeyBytesMax = 65_535;

    /// <summary>Longest value. Unit: bytes. 512 MiB, the limit of Redis strings.</summary>
    public const int ValueBytesMax = 512 << 20;

    internal static void Check(KeySpace space, int keyBytes)
    {
        if (space is not (KeySpace.User or KeySpace.Session))
            ThrowSpace(space);
        if (keyBytes > KeyBytesMax)
            ThrowTooLong("key", keyBytes, KeyBytesMax);
    }

    internal static void CheckValue(int valueBytes, long expireAtMs)
    {
        if (valueBytes > ValueBytesMax)
            ThrowTooLong("value", valueBytes, ValueBytesMax);
        if (expireAtMs < 0)
            ThrowExpiry(expireAtMs);
    }

    [DoesNotReturn]
    private static void ThrowSpace(KeySpace space) =>
        throw new ArgumentOutOfRangeException(nameof(space), $"key space {(byte)space}: allowed are 1 (user) and 2 "
            + "(session)");

    [DoesNotReturn]
    private static void ThrowTooLong(string what, int bytes, int bytesMax) =>
        throw new ArgumentException($"{what} too large: {bytes} bytes, allowed are at most {bytesMax}");

    [DoesNotReturn]
    private static void ThrowExpiry(long expireAtMs) =>
        throw new ArgumentOutOfRangeException(nameof(expireAtMs),
            $"expiry {expireAtMs} ms: allowed are 0 (never) and later times");
}
