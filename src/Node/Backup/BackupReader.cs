using System.Buffers.Binary;
using ShardStore.Storage;

namespace ShardStore.Node.Backup;

/// <summary>Reads a shard's backup from a connection or a file: the head, then chunk by chunk to the end mark. Damage
/// throws <see cref="StorageCorruptException"/>; a source that breaks or falls silent,
/// <see cref="BrokenSourceException"/>.</summary>
internal sealed class BackupReader(Stream from, string name) : IDisposable
{
    /// <summary>Longest wait for the next bytes.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);

    private readonly byte[] _buffer = new byte[BackupFormat.ChunkBytesMax];
    private CancellationTokenSource? _patience;
    private int _chunks;

    /// <summary>Hears every byte that was read, in order, before it is understood.</summary>
    public Action<ReadOnlyMemory<byte>> Tap { get; init; } = _ => { };

    public string Name => name;
    public long Position { get; private set; }

    public async Task<BackupHead> ReadHeadAsync(CancellationToken stop)
    {
        await FillAsync(_buffer.AsMemory(0, BackupFormat.PreludeBytes), stop);
        var more = BackupFormat.ReadPrelude(name, _buffer.AsSpan(0, BackupFormat.PreludeBytes));
        await FillAsync(_buffer.AsMemory(BackupFormat.PreludeBytes, more), stop);
        return BackupFormat.ReadHead(name, _buffer.AsSpan(0, BackupFormat.PreludeBytes + more));
    }

    /// <summary>The next chunk, good until the next call; empty at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadChunkAsync(CancellationToken stop)
    {
        await FillAsync(_buffer.AsMemory(0, BackupFormat.LengthBytes), stop);
        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer);
        if (length is < 0 or > BackupFormat.ChunkBytesMax)
        {
            throw new StorageCorruptException(
                name, Position - BackupFormat.LengthBytes, $"a chunk of 1 to {BackupFormat.ChunkBytesMax} bytes");
        }
        if (length == 0)
        {
            await ReadEndAsync(stop);
            return default;
        }
        await FillAsync(_buffer.AsMemory(0, length), stop);
        _chunks++;
        return _buffer.AsMemory(0, length);
    }

    public void Dispose() => _patience?.Dispose();

    private async ValueTask ReadEndAsync(CancellationToken stop)
    {
        await FillAsync(_buffer.AsMemory(0, BackupFormat.EndBytes), stop);
        if (!BackupFormat.IsEnd(_buffer.AsSpan(0, BackupFormat.EndBytes), _chunks))
            throw new StorageCorruptException(name, Position - BackupFormat.EndBytes, "the end mark of a backup");
        if (await ReadAsync(_buffer.AsMemory(0, 1), stop) > 0)
            throw new StorageCorruptException(name, Position, "the end of the backup, but more bytes follow");
    }

    private async ValueTask FillAsync(Memory<byte> into, CancellationToken stop)
    {
        var whole = into;
        while (!into.IsEmpty)
        {
            var got = await ReadAsync(into, stop);
            if (got == 0)
                throw new StorageCorruptException(name, Position, $"{into.Length} more bytes, but it ends");
            Position += got;
            into = into[got..];
        }
        Tap(whole);
    }

    private async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken stop)
    {
        _patience ??= CancellationTokenSource.CreateLinkedTokenSource(stop);
        _patience.CancelAfter(SilenceMax);
        try
        {
            return await from.ReadAsync(into, _patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new BrokenSourceException($"{name}: nothing came for {SilenceMax.TotalSeconds:0} s");
        }
        catch (IOException broken)
        {
            throw new BrokenSourceException($"{name}: {broken.Message}", broken);
        }
    }
}
