using System.Numerics;

namespace ShardStore.Storage;

/// <summary>Sizes of one shard's store. A process holds many of them, so the defaults are small; beside these each
/// store takes about 8 MiB of managed heap of its own, nearly all of it never touched.</summary>
public sealed record StoreOptions
{
    /// <summary>Newest part of the log kept in memory; older records are read from disk. Unit: bytes, power of 2.
    /// Default 32 MiB, taken page by page as the log grows. Range 8 pages to 64 GiB.</summary>
    public long MemoryBytes { get; init; } = 32L << 20;

    /// <summary>Page of the log: what is flushed and checked at once. Unit: bytes, power of 2. Default 256 KiB: holds
    /// the longest key together with a part of a value. Range 256 KiB to 32 MiB. An existing store keeps its own.
    /// </summary>
    public int PageBytes { get; init; } = 256 << 10;

    /// <summary>File of the log: the unit in which dead space is given back. Unit: bytes, power of 2. Default 8 MiB.
    /// Range one page to 1 GiB. An existing store keeps its own.</summary>
    public long SegmentBytes { get; init; } = 8L << 20;

    /// <summary>Hash index, about 9 bytes a key before chains grow. Unit: bytes, power of 2. Default 1 MiB, about
    /// 114,000 keys; more keys only cost time. When opened, a store takes what its keys need, up to 64 times this.
    /// Range 64 KiB to 4 GiB.</summary>
    public long IndexBytes { get; init; } = 1L << 20;

    /// <summary>Dead bytes a log may hold before live records are moved to its end, beside as many again as its live
    /// ones take. Unit: bytes. Default 8 MiB. Range 64 KiB to 1 TiB.</summary>
    public long CompactionSlackBytes { get; init; } = 8L << 20;

    internal StoreOptions Checked()
    {
        PowerOfTwo(nameof(PageBytes), PageBytes, 256 << 10, 32 << 20);
        PowerOfTwo(nameof(MemoryBytes), MemoryBytes, 8L * PageBytes, 64L << 30);
        PowerOfTwo(nameof(SegmentBytes), SegmentBytes, PageBytes, 1L << 30);
        PowerOfTwo(nameof(IndexBytes), IndexBytes, 64 << 10, 4L << 30);
        InRange(nameof(CompactionSlackBytes), CompactionSlackBytes, 64 << 10, 1L << 40);
        return this;
    }

    private static void PowerOfTwo(string name, long value, long min, long max)
    {
        InRange(name, value, min, max);
        if (!BitOperations.IsPow2(value))
            throw new ArgumentException($"{name} {value}: allowed are powers of 2 from {min} to {max} bytes");
    }

    private static void InRange(string name, long value, long min, long max)
    {
        if (value < min || value > max)
            throw new ArgumentOutOfRangeException(name, $"{name} {value}: allowed are {min} to {max} bytes");
    }
}
