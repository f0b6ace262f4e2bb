using System.Buffers.Binary;
using ShardStore.Node.Backup;
using ShardStore.Storage;
using ShardStore.Storage.Files;

namespace ShardStore.Fuzz.Targets;

/// <summary>A shard's backup, from a file or from a node: head, chunks, end.</summary>
internal sealed class BackupTarget : IFuzzTarget
{
    /// <summary>Made once: targets are made often.</summary>
    private static readonly byte[][] s_streams = [Stream(keys: 0), Stream(keys: 40)];

    public string Name => "backup";

    public IReadOnlyList<byte[]> Corpus => s_streams;

    /// <summary>The head's; chunks have a target of their own.</summary>
    public void Seal(byte[] input)
    {
        if (input.Length < BackupFormat.PreludeBytes)
            return;
        var end = BackupFormat.PreludeBytes + (long)BinaryPrimitives.ReadInt32LittleEndian(input.AsSpan(8));
        if (end < BackupFormat.PreludeBytes || end + BackupFormat.CrcBytes > input.Length)
            return;
        BinaryPrimitives.WriteUInt32LittleEndian(
            input.AsSpan((int)end), Crc32C.Compute(input.AsSpan(0, (int)end)));
    }

    public bool Read(byte[] input)
    {
        using var reader = new BackupReader(new MemoryStream(input), "backup");
        BackupCheck.RunAsync(reader, _ => { }, _ => ValueTask.CompletedTask, CancellationToken.None)
            .GetAwaiter().GetResult();
        return true;
    }

    public bool IsRefusal(Exception error) => error
        is StorageCorruptException or StorageVersionException or IOException { InnerException: null };

    private static byte[] Stream(int keys)
    {
        var folder = Directory.CreateTempSubdirectory("shardstore-fuzz-");
        var into = new MemoryStream();
        using (var store = new FasterStoreEngine().Create(Path.Combine(folder.FullName, "store")))
        {
            for (var number = 1; number <= keys; number++)
                store.Put(KeySpace.User, BitConverter.GetBytes(number), [1, 2, 3], 0, (ulong)number);
            store.TryBeginCheckpoint(new CheckpointState(50, 3, [1], 17));
            SpinWait.SpinUntil(() => store.PollCheckpoint() is not null);
            using var source = store.OpenSnapshot()!;
            BackupWriter.WriteAsync(into, HeadOf(source), source, CancellationToken.None).GetAwaiter().GetResult();
        }
        folder.Delete(recursive: true);
        return into.ToArray();
    }

    private static BackupHead HeadOf(ISnapshotSource source) => new()
    {
        ClusterId = "cafe",
        Shard = 1,
        FirstSlot = 0,
        LastSlot = 99,
        Index = source.State.AppliedIndex,
        Term = source.State.AppliedTerm,
        ConfirmedIndex = 40,
        ContentHash = source.ContentHash,
        ChunkCount = source.ChunkCount,
        TotalBytes = source.TotalBytes,
    };
}
