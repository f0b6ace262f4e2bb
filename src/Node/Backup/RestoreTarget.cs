using System.Globalization;
using ShardStore.Client;
using ShardStore.Resp;

namespace ShardStore.Node.Backup;

/// <summary>The cluster that is restored into, through the SDK: it finds the shards, follows them, and sends a write
/// again until its outcome is known.</summary>
internal sealed class RestoreTarget(ShardStoreClient client) : IAsyncDisposable
{
    /// <summary>Longer than the SDK's own: a restore rather waits for an election than breaks off.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private const int AttemptsMax = 100;

    public static async Task<RestoreTarget> ConnectAsync(IReadOnlyList<string> endpoints, CancellationToken stop) =>
        new(await ShardStoreClient.ConnectAsync(
            new ClientOptions
            {
                Endpoints = endpoints,
                Deadline = Deadline,
                AttemptsMax = AttemptsMax,
                ClientName = "shardstore-restore",
            },
            stop));

    public async Task<bool> HoldsKeysAsync(CancellationToken stop)
    {
        await foreach (var key in client.ScanAsync(cancellationToken: stop))
            return true;
        return false;
    }

    public async Task WriteAsync(StoredRecord record, CancellationToken stop)
    {
        KvBytes[] arguments = record.ExpireAtMs == 0
            ? [record.Key, record.Value]
            : [record.Key, record.Value, "PXAT", record.ExpireAtMs.ToString(CultureInfo.InvariantCulture)];
        await client.ExecuteAsync(
            new RawCommand { Name = "SET", Arguments = arguments, Kind = RawCommandKind.Write },
            cancellationToken: stop);
    }

    public async Task<bool> HasAsync(StoredRecord record, CancellationToken stop) =>
        await client.ExistsAsync(record.Key, cancellationToken: stop);

    /// <summary>Value and end as in the backup.</summary>
    public async Task<bool> HasSameAsync(StoredRecord record, CancellationToken stop)
    {
        if (await client.GetAsync(record.Key, cancellationToken: stop) is not { } value
            || !value.Span.SequenceEqual(record.Value))
            return false;
        var end = await client.ExecuteAsync(
            new RawCommand { Name = "PEXPIRETIME", Arguments = [record.Key], Kind = RawCommandKind.Read },
            cancellationToken: stop);
        return end.Integer == (record.ExpireAtMs == 0 ? -1 : record.ExpireAtMs);
    }

    public static string Show(StoredRecord record) => RespErrorText.Show(record.Key);

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
