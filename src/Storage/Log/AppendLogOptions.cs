namespace ShardStore.Storage.Log;

public sealed record AppendLogOptions
{
    /// <summary>Size of a segment file, reserved when it is made. Unit: bytes. Default 64 MiB: large enough that the
    /// cost of making one (two syncs) disappears, small enough that space comes back soon. Range 4 KiB–1 GiB. A
    /// larger batch gets a larger segment of its own.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Payload bytes of recent entries kept in memory for followers that are nearly caught up; beyond it
    /// the oldest are read from disk again. Unit: bytes. Default 32 MiB. Range 0–4 GiB.</summary>
    public long CacheBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of live records that one commit may copy out of the oldest segment, besides twice its own
    /// bytes. Unit: bytes. Default 256 KiB, about a millisecond of writing. Range 4 KiB–64 MiB.</summary>
    public int CleanBytesMax { get; init; } = 256 * 1024;

    /// <summary>Salt of all checksums of a new log, so that no bytes of another log (or of a client's value) pass
    /// for its records. 0 = drawn at random; a simulation gives its own.</summary>
    public ulong Salt { get; init; }

    internal void Validate()
    {
        Require(SegmentBytes is >= 4096 and <= 1 << 30, nameof(SegmentBytes), SegmentBytes, "4096 to 1073741824");
        Require(CacheBytesMax is >= 0 and <= 4L << 30, nameof(CacheBytesMax), CacheBytesMax, "0 to 4294967296");
        Require(CleanBytesMax is >= 4096 and <= 64 << 20, nameof(CleanBytesMax), CleanBytesMax, "4096 to 67108864");
    }

    private static void Require(bool holds, string name, long value, string allowed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {allowed} bytes, not {value}");
    }
}
