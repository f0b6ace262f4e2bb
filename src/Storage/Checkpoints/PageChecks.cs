using System.Buffers;
using Microsoft.Win32.SafeHandles;
using ShardStore.Storage.Faster;
using ShardStore.Storage.Native;
using ShardStore.Storage.Segments;

namespace ShardStore.Storage.Checkpoints;

/// <summary>A CRC32C of each log page as it lies in the files: taken when a checkpoint is made, compared when it is
/// opened or received. Pages that the checkpoint before had whole are not read again.</summary>
internal static class PageChecks
{
    public static uint[] Compute(string directory, CheckpointManifest draft, CheckpointManifest? before)
    {
        long firstPage = draft.FirstPage;
        uint[] crcs = new uint[CheckpointManifest.PageCount(
            draft.BeginAddress, draft.TailAddress, draft.PageBytes)];
        using SegmentFiles files = new(directory, draft.SegmentBytes);
        byte[] page = ArrayPool<byte>.Shared.Rent(draft.PageBytes);
        for (int index = 0; index < crcs.Length; index++)
        {
            if (before is not null && TryReuse(before, firstPage + index, out crcs[index]))
                continue;
            crcs[index] = CrcOf(files, draft, index, page);
            if (before is not null)
                CheckOldPart(files, before, firstPage + index, page);
        }
        ArrayPool<byte>.Shared.Return(page);
        return crcs;
    }

    public static void Verify(string directory, CheckpointManifest manifest)
    {
        using SegmentFiles files = new(directory, manifest.SegmentBytes);
        byte[] page = ArrayPool<byte>.Shared.Rent(manifest.PageBytes);
        for (int index = 0; index < manifest.PageCrcs.Length; index++)
            Verify(files, manifest, index, page);
        ArrayPool<byte>.Shared.Return(page);
    }

    /// <summary>One page, by its place in the manifest.</summary>
    public static void Verify(SegmentFiles files, CheckpointManifest manifest, int index, byte[] buffer) =>
        Compare(files, manifest, index, CrcOf(files, manifest, index, buffer));

    /// <summary>Bytes of a page that belong to the checkpoint: the last one may end early.</summary>
    public static int LengthOf(CheckpointManifest manifest, int index) => (int)Math.Min(
        manifest.PageBytes, manifest.TailAddress - (manifest.FirstPage + index) * manifest.PageBytes);

    /// <summary>Cuts off what was written after the checkpoint, so that nothing old lies behind its end.</summary>
    public static void Trim(string directory, CheckpointManifest manifest)
    {
        foreach (int segment in LogDevice.SegmentsOf(directory))
        {
            if (segment > manifest.LastSegment || segment < manifest.FirstSegment)
                File.Delete(LogDevice.PathOf(directory, segment));
        }
        string last = LogDevice.PathOf(directory, manifest.LastSegment);
        using SafeFileHandle file = File.OpenHandle(last, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, manifest.TailAddress - manifest.LastSegment * manifest.SegmentBytes);
        Libc.SyncFile(file, last);
        Libc.SyncDirectory(directory);
    }

    private static bool TryReuse(CheckpointManifest before, long page, out uint crc)
    {
        long index = page - before.FirstPage;
        bool whole = index >= 0 && (page + 1) * before.PageBytes <= before.TailAddress;
        crc = whole ? before.PageCrcs[index] : 0;
        return whole;
    }

    /// <summary>The page on which the checkpoint before ended is read again as a whole. What it held then must be as
    /// it was: a new checksum over a flipped bit would hide it for ever.</summary>
    private static void CheckOldPart(SegmentFiles files, CheckpointManifest before, long page, byte[] bytes)
    {
        int index = (int)(page - before.FirstPage);
        if (index >= 0 && index < before.PageCrcs.Length)
            Compare(files, before, index, Checksum.Of(bytes.AsSpan(0, LengthOf(before, index))));
    }

    private static void Compare(SegmentFiles files, CheckpointManifest manifest, int index, uint found)
    {
        if (found == manifest.PageCrcs[index])
            return;
        long address = (manifest.FirstPage + index) * manifest.PageBytes;
        throw new StorageCorruptException(files.PathAt(address), address % manifest.SegmentBytes,
            $"a log page of CRC32C {manifest.PageCrcs[index]:x8}, found {found:x8}");
    }

    private static uint CrcOf(SegmentFiles files, CheckpointManifest manifest, int index, byte[] buffer)
    {
        Span<byte> page = buffer.AsSpan(0, LengthOf(manifest, index));
        files.Read((manifest.FirstPage + index) * manifest.PageBytes, page);
        return Checksum.Of(page);
    }
}
