using System.Numerics;

namespace ShardStore.Storage.Checkpoints;

/// <summary>Sizes of a log. Page and segment are fixed when it is created. The index may grow when a store is opened,
/// but never shrink: chains of a smaller index would miss records that a bigger one had parted.</summary>
internal sealed record LogShape(int PageBytes, long SegmentBytes, long IndexBytes, long MemoryBytes)
{
    private const int KeyBytesInIndex = 9;
    private const int IndexGrowthMax = 64;

    /// <summary>Of a page, or the log, what FASTER counts beside key and value: head, lengths, rounding, header.
    /// </summary>
    public const int RecordOverheadBytes = 48;

    public static LogShape New(StoreOptions options) =>
        new(options.PageBytes, options.SegmentBytes, options.IndexBytes, options.MemoryBytes);

    /// <summary>The shape to open a log with: its own page and segment, memory by option, an index for its keys.
    /// </summary>
    public static LogShape Reopened(StoreOptions options, CheckpointManifest manifest)
    {
        long wanted = (long)BitOperations.RoundUpToPowerOf2(
            (ulong)Math.Max(1, manifest.Counters.RecordCount * KeyBytesInIndex));
        wanted = Math.Clamp(wanted, options.IndexBytes, options.IndexBytes * IndexGrowthMax);
        return new LogShape(manifest.PageBytes, manifest.SegmentBytes, Math.Max(wanted, manifest.IndexBytes),
            Math.Max(options.MemoryBytes, 8L * manifest.PageBytes));
    }
}
