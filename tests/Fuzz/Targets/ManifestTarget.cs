using System.Buffers.Binary;
using ShardStore.Storage;
using ShardStore.Storage.Checkpoints;
using ShardStore.Storage.Segments;

namespace ShardStore.Fuzz.Targets;

/// <summary>The file that says what a checkpoint consists of.</summary>
internal sealed class ManifestTarget : IFuzzTarget
{
    public string Name => "manifest";

    public IReadOnlyList<byte[]> Corpus { get; } = [Manifest(64, 4096 * 3 + 10), Manifest(4096 * 5, 4096 * 9)];

    public void Seal(byte[] input)
    {
        if (input.Length >= sizeof(uint))
        {
            var body = input.AsSpan(0, input.Length - sizeof(uint));
            BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(body.Length), Checksum.Of(body));
        }
    }

    public bool Read(byte[] input)
    {
        CheckpointManifest.Read("manifest", input);
        return true;
    }

    public bool IsRefusal(Exception error) => error is StorageCorruptException or IOException { InnerException: null };

    private static byte[] Manifest(long begin, long tail) => new CheckpointManifest
    {
        Number = 3,
        Generation = 2,
        Token = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        State = new CheckpointState(100, 5, [1, 2, 3, 4], 999),
        Counters = default,
        PageBytes = 4096,
        SegmentBytes = 1 << 20,
        IndexBytes = 1 << 16,
        BeginAddress = begin,
        TailAddress = tail,
        FasterMetadata = [9, 8, 7, 6, 5],
        PageCrcs = [.. Enumerable.Range(0, CheckpointManifest.PageCount(begin, tail, 4096)).Select(i => (uint)i)],
    }.Write();
}
