using System.Globalization;
using System.Net;
using System.Text.Json;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Admin.Endpoints;
using ShardStore.Storage;

namespace ShardStore.Node.Backup;

/// <summary>Fetches shards from the nodes that lead them, one request each, and checks every byte on its way to disk.
/// </summary>
internal sealed class ShardDownload(BackupFolder folder, RatePace pace, WorkProgress progress) : IDisposable
{
    /// <summary>Longer than a node waits for a checkpoint, so that its own words are heard.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        ConnectTimeout = ConnectTimeout,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="from">The shard's leader.</param>
    /// <param name="shard">Its number.</param>
    /// <param name="have">Its whole file of an earlier backup, if there is one.</param>
    /// <param name="clusterId">Whose shard it must be.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<ShardFetch> TryAsync(
        (string Node, Uri Admin) from, int shard, BackedShard? have, string clusterId, CancellationToken stop)
    {
        try
        {
            using var answer = await AskAsync(new Uri(from.Admin, $"/api/v1/shards/{shard}/backup"), have, stop);
            if (answer.StatusCode == HttpStatusCode.NotModified && have is not null)
                return new ShardFetch(have with { ConfirmedIndex = ConfirmedIn(answer) }) { IsKept = true };
            if (answer.StatusCode != HttpStatusCode.OK)
                return await RefusalAsync(answer, stop);
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            return await StoreAsync(body, $"shard {shard} as {from.Node} sends it", (shard, clusterId), stop);
        }
        catch (HttpRequestException unreachable)
        {
            return new ShardFetch(null, $"{from.Node} does not answer: {unreachable.Message}");
        }
        catch (Exception broken) when (broken is BrokenSourceException or StorageCorruptException)
        {
            // Damage too: another leader's disk may be whole.
            return new ShardFetch(null, broken.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> AskAsync(Uri url, BackedShard? have, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (have is not null)
            request.Headers.Add("If-None-Match", BackupEndpoints.TagOf(Convert.ToUInt64(have.ContentHash, 16)));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(AnswerTimeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException($"nothing within {AnswerTimeout.TotalSeconds:0} s");
        }
    }

    private async Task<ShardFetch> StoreAsync(
        Stream body, string name, (int Shard, string ClusterId) expected, CancellationToken stop)
    {
        using var file = folder.NewFile(expected.Shard);
        using var reader = new BackupReader(body, name) { Tap = file.Append };
        var head = await BackupCheck.RunAsync(
            reader, head => Check(head, expected),
            async bytes =>
            {
                progress.Add(bytes);
                await pace.SpendAsync(bytes, stop);
            },
            stop);
        var target = BackupManifest.FileNameOf(head);
        var sha256 = file.Complete(folder.PathOf(target));
        return new ShardFetch(BackedShard.Of(head, target, file.Length, sha256)) { Received = file.Length };
    }

    private static void Check(BackupHead head, (int Shard, string ClusterId) expected)
    {
        if (head.Shard != expected.Shard || head.ClusterId != expected.ClusterId)
        {
            throw new BackupException($"asked for shard {expected.Shard} of cluster {expected.ClusterId}, got shard "
                + $"{head.Shard} of {head.ClusterId}: two clusters are mixed up behind these addresses");
        }
    }

    private static ulong ConfirmedIn(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues(BackupEndpoints.ConfirmedHeader, out var values)
        && ulong.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw new BackupException($"{answer.RequestMessage?.RequestUri}: said that nothing changed, but not as "
                + $"of which index ({BackupEndpoints.ConfirmedHeader})");

    /// <summary>Another leader, and "not now", may be tried again; every other refusal is final.</summary>
    private static async Task<ShardFetch> RefusalAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        var body = await answer.Content.ReadAsStringAsync(stop);
        var detail = answer.Content.Headers.ContentType?.MediaType == ProblemView.ContentType
            ? JsonSerializer.Deserialize(body, AdminJson.Default.ProblemView)?.Detail
            : null;
        detail ??= $"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}";
        return answer.StatusCode is HttpStatusCode.MisdirectedRequest or HttpStatusCode.ServiceUnavailable
            ? new ShardFetch(null, detail)
            : throw new BackupException(detail);
    }
}
