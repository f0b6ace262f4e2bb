using System.Net;
using System.Text.Json;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Backup;
using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;
using ShardStore.Node.Tests.Cli;

namespace ShardStore.Node.Tests.Backup;

/// <summary>The backup's resource and `ctl backup` on two served nodes, each of which says what the test wants about
/// its shards; the content is that of a real store.</summary>
public sealed class BackupOverHttpTests : IAsyncLifetime
{
    private readonly SampleStore _store = new();
    private readonly TestCluster _cluster = new();
    private TestSource _first = null!;
    private TestSource _second = null!;
    private AdminBench _firstServer = null!;
    private AdminBench _secondServer = null!;

    private string Directory => Path.Combine(_store.Folder, "backup");

    public async Task InitializeAsync()
    {
        for (var number = 0; number < 50; number++)
            _store.Put($"key-{number}", new byte[100 * number]);
        _store.Checkpoint().Dispose();
        (_first, _second) = (_cluster.SourceOf(1), _cluster.SourceOf(2));
        _first.Backups = _second.Backups = Offer;
        _firstServer = await AdminBench.StartAsync(_first);
        _secondServer = await AdminBench.StartAsync(_second);
        foreach (var (node, server) in new[] { (1, _firstServer), (2, _secondServer) })
        {
            _cluster.Apply(new ReportNode(
                _cluster.State.Nodes[node] with { AdminPort = server.Server.EndPoint.Port }));
        }
        Lead(1, [.. Enumerable.Range(1, TestCluster.Shards)]);
    }

    public async Task DisposeAsync()
    {
        await _firstServer.DisposeAsync();
        await _secondServer.DisposeAsync();
        _store.Dispose();
    }

    [Fact]
    public async Task A_shard_is_streamed_with_its_hash_as_tag_and_not_again_to_who_has_it()
    {
        using var whole = await _firstServer.SendAsync(HttpMethod.Get, "/api/v1/shards/3/backup");
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal($"\"{_store.Store.ContentHash:x16}\"", whole.Headers.ETag?.Tag);
        var head = await SampleBackup.CheckAsync(await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal(("cafe", 3), (head.ClusterId, head.Shard));

        using var again = await _firstServer.SendAsync(
            HttpMethod.Get, "/api/v1/shards/3/backup", null, ("If-None-Match", whole.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("50", again.Headers.GetValues("ShardStore-Confirmed-Index").Single());
    }

    [Fact]
    public async Task Who_cannot_answer_says_why()
    {
        var other = await RefusedAsync("/api/v1/shards/99/backup");
        Assert.Equal((404, "shard '99': does not exist; shards are 1 to 8"), (other.Status, other.Detail));
        var tag = await _firstServer.RefusedAsync(
            HttpMethod.Get, "/api/v1/shards/3/backup", null, ("If-None-Match", "\"xyz\""));
        Assert.Contains("16 hex digits in quotes", tag.Detail);
        foreach (var path in new[] { "/api/v1/shards/3/backup", "/API/v1/shards/3/Backup/" })
        {
            var foreign = await _firstServer.RefusedAsync(HttpMethod.Get, path, null, ("Host", "evil.example:8001"));
            Assert.Equal((403, "urn:shardstore:foreign-host"), (foreign.Status, foreign.Type));
        }
        _first.Backups = (_, _) => new BackupAnswer(BackupAnswerKind.NotLed) { LeaderNode = 2 };
        var misdirected = await RefusedAsync("/api/v1/shards/3/backup");
        Assert.Equal((421, "urn:shardstore:not-leader"), (misdirected.Status, misdirected.Type));
        var port = _secondServer.Server.EndPoint.Port;
        Assert.Equal($"shard 3: n2 leads it, not n1; ask http://127.0.0.1:{port}", misdirected.Detail);
        _first.Backups = (_, _) => new BackupAnswer(BackupAnswerKind.NotLed);
        Assert.Contains("knows of nobody who does", (await RefusedAsync("/api/v1/shards/3/backup")).Detail);
        _first.Backups = (_, _) => new BackupAnswer(BackupAnswerKind.NotNow) { Reason = "the disk is slow" };
        var later = await RefusedAsync("/api/v1/shards/3/backup");
        Assert.Equal((503, "the disk is slow"), (later.Status, later.Detail));
    }

    [Fact]
    public async Task A_backup_follows_a_shard_whose_leader_changes_meanwhile()
    {
        var asked = 0;
        _first.Backups = (shard, known) =>
        {
            if (shard != 4)
                return Offer(shard, known);
            Interlocked.Increment(ref asked);
            Lead(2, 4);
            return new BackupAnswer(BackupAnswerKind.NotLed) { LeaderNode = 2 };
        };
        var run = await BackupAsync();
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(1, asked);
        Assert.Contains("shard 4 from n2", run.Output);
        Assert.Contains("backup of 8 shards", run.Output);
    }

    [Fact]
    public async Task A_second_backup_transfers_only_what_changed_or_rotted()
    {
        Assert.Equal(0, (await BackupAsync()).ExitCode);
        var manifest = BackupFolder.OpenToRead(Directory);
        var rotten = Path.Combine(Directory, manifest.Shards[5].File);
        var bytes = await File.ReadAllBytesAsync(rotten);
        bytes[^40] ^= 1;
        await File.WriteAllBytesAsync(rotten, bytes);

        using var second = JsonDocument.Parse((await BackupAsync("--json")).Output);
        Assert.Equal(7, second.RootElement.GetProperty("kept").GetInt32());
        Assert.Equal(0, second.RootElement.GetProperty("filesDeleted").GetInt32());

        _store.Put("key-1", [1]);
        _store.Checkpoint().Dispose();
        using var third = JsonDocument.Parse((await BackupAsync("--json")).Output);
        Assert.Equal(0, third.RootElement.GetProperty("kept").GetInt32());
        Assert.Equal(8, third.RootElement.GetProperty("filesDeleted").GetInt32());
        Assert.Equal(8, System.IO.Directory.GetFiles(Directory, "*.ssb").Length);
        foreach (var shard in BackupFolder.OpenToRead(Directory).Shards)
            Assert.Equal(51UL, shard.Index);
    }

    [Fact]
    public async Task A_failed_backup_leaves_the_one_before_as_it_was()
    {
        Assert.Equal(0, (await BackupAsync()).ExitCode);
        var before = await File.ReadAllBytesAsync(Path.Combine(Directory, BackupManifest.FileName));
        _store.Put("key-1", [1]);
        _store.Checkpoint().Dispose();
        // A fault in the node is final: it is not tried again.
        _first.Backups = (shard, known) =>
            shard == 8 ? throw new InvalidOperationException("a fault") : Offer(shard, known);
        var run = await BackupAsync();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the request failed inside the node", run.Errors);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(Directory, BackupManifest.FileName)));
        var manifest = BackupFolder.OpenToRead(Directory);
        foreach (var shard in manifest.Shards)
        {
            await StoredBackup.CheckAsync(
                Path.Combine(Directory, shard.File), (manifest, shard), _ => { }, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_stream_that_is_damaged_on_its_way_is_not_kept_and_fetched_again()
    {
        var asked = 0;
        _first.Backups = (shard, known) => shard == 2 && Interlocked.Increment(ref asked) == 1
            ? new BackupAnswer(BackupAnswerKind.Opened)
            {
                ConfirmedIndex = 50,
                Source = new DamagingSource(_store.Store.OpenSnapshot()!),
            }
            : Offer(shard, known);
        var run = await BackupAsync();
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(2, asked);
        Assert.Equal(8, System.IO.Directory.GetFiles(Directory, "*.ssb").Length);
        Assert.Empty(System.IO.Directory.GetFiles(Directory, "*.tmp"));
    }

    [Fact]
    public async Task A_directory_with_a_backup_of_another_cluster_is_not_touched()
    {
        using (var source = _store.Store.OpenSnapshot()!)
        {
            using var folder = BackupFolder.OpenToWrite(Directory);
            using var file = folder.NewFile(1);
            file.Append(await SampleBackup.StreamAsync(source));
            var head = SampleBackup.HeadOf(source);
            var name = BackupManifest.FileNameOf(head);
            var stored = BackedShard.Of(head, name, file.Length, file.Complete(folder.PathOf(name)));
            folder.Commit(SampleBackup.ManifestOf(stored) with { ClusterId = "other" });
        }
        var run = await BackupAsync();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("holds a backup of cluster other, this one is cafe; give another directory", run.Errors);
        Assert.Equal("other", BackupFolder.OpenToRead(Directory).ClusterId);
    }

    private BackupAnswer Offer(int shard, ulong? known)
    {
        var source = _store.Store.OpenSnapshot()!;
        var index = source.State.AppliedIndex;
        if (known != source.ContentHash)
            return new BackupAnswer(BackupAnswerKind.Opened) { ConfirmedIndex = index, Source = source };
        source.Dispose();
        return new BackupAnswer(BackupAnswerKind.Unchanged) { ConfirmedIndex = index };
    }

    private void Lead(int node, params int[] shards) => _cluster.Apply(new ReportLeaders(
        [.. shards.Select(shard => new LeaderReport(shard, node, (ulong)(3 + node)))]));

    private Task<ProblemView> RefusedAsync(string path) => _firstServer.RefusedAsync(HttpMethod.Get, path);

    private Task<CliRun> BackupAsync(params string[] more) => CliRun.OfAsync(
        ["ctl", "--admin", $"http://{_firstServer.Server.EndPoint}", "backup", "--to", Directory, .. more]);
}
