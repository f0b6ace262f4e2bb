using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using ShardStore.Node.Backup;
using ShardStore.Node.Routing;
using ShardStore.Storage;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>The content of a shard as a stream. Its ETag is the content hash: who has that content already is told so
/// instead.</summary>
internal sealed class BackupEndpoints(AdminContext context)
{
    /// <summary>Header of both answers: everything acknowledged before the request lies at or below this index.
    /// </summary>
    public const string ConfirmedHeader = "ShardStore-Confirmed-Index";

    /// <summary>Streams at a time; each holds one chunk and the files of one checkpoint.</summary>
    private const int StreamsMax = 4;

    private int _streams;

    public static string TagOf(ulong contentHash) => $"\"{contentHash:x16}\"";

    public async Task StreamAsync(HttpContext http)
    {
        RequestGuard.CheckHost(http.Request, context.Source.Options);
        Query.Only(http);
        var known = KnownHash(http);
        var reading = await context.ReadAsync(http.RequestAborted);
        var shard = Path.Number(http, "shard") is <= int.MaxValue and var id
            && reading.View.Map.Shard((int)id) is { } entry
            ? entry
            : throw AdminProblem.UnknownShard(
                Path.Text(http, "shard"), reading.View.Map.Shards.Select(known => known.Id));
        try
        {
            if (Interlocked.Increment(ref _streams) > StreamsMax)
                throw AdminProblem.Later($"{StreamsMax} backups are read from this node already; try again later");
            var answer = await context.Source.OpenBackupAsync(shard.Id, known, http.RequestAborted);
            await WriteAsync(http, reading, shard, answer);
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task WriteAsync(HttpContext http, ClusterReading reading, ShardEntry shard, BackupAnswer answer)
    {
        using var source = answer.Source;
        switch (answer.Kind)
        {
            case BackupAnswerKind.NotLed:
                throw AdminProblem.NotLed(WhoLeads(reading, shard.Id, answer.LeaderNode));
            case BackupAnswerKind.NotNow:
                throw AdminProblem.Later(answer.Reason);
        }
        http.Response.Headers[ConfirmedHeader] = answer.ConfirmedIndex.ToString(CultureInfo.InvariantCulture);
        if (source is null)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.Headers.ETag = TagOf(source.ContentHash);
        http.Response.ContentType = MediaTypeNames.Application.Octet;
        try
        {
            await BackupWriter.WriteAsync(
                http.Response.Body, HeadOf(reading, shard, answer.ConfirmedIndex, source), source, http.RequestAborted);
        }
        catch (Exception failure) when (failure is StorageCorruptException or IOException)
        {
            // Some of it is on its way: the missing end tells the reader, this line the operator.
            AdminLog.Failed(context.Logger, http.Request.Method, http.Request.Path, failure);
            http.Abort();
        }
    }

    private static BackupHead HeadOf(
        ClusterReading reading, ShardEntry shard, ulong confirmedIndex, ISnapshotSource source) => new()
        {
            ClusterId = reading.View.Map.ClusterId,
            Shard = shard.Id,
            FirstSlot = shard.FirstSlot,
            LastSlot = shard.LastSlot,
            Index = source.State.AppliedIndex,
            Term = source.State.AppliedTerm,
            ConfirmedIndex = confirmedIndex,
            ContentHash = source.ContentHash,
            ChunkCount = source.ChunkCount,
            TotalBytes = source.TotalBytes,
        };

    private static string WhoLeads(ClusterReading reading, int shard, int leader)
    {
        var self = reading.NameOf(reading.SelfNode);
        if (leader == 0 || leader == reading.SelfNode || reading.Find(leader) is not { } node)
            return $"shard {shard}: {self} does not lead it, and knows of nobody who does; try again";
        return $"shard {shard}: {node.Name} leads it, not {self}; ask http://{node.Host}:{node.AdminPort}";
    }

    private static ulong? KnownHash(HttpContext http)
    {
        var given = http.Request.Headers.IfNoneMatch.ToString();
        if (given.Length == 0)
            return null;
        if (given.Length == 18 && given[0] == '"' && given[^1] == '"'
            && ulong.TryParse(
                given.AsSpan(1, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash))
        {
            return hash;
        }
        throw AdminProblem.BadQuery(
            "If-None-Match", given, "one ETag as this resource gives it: 16 hex digits in quotes");
    }
}
