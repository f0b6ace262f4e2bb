using System.Text;
using ShardStore.Node.Backup;
using ShardStore.Storage;
using ShardStore.Storage.Files;

namespace ShardStore.Node.Tests.Backup;

/// <summary>A shard's backup as bytes: what is written is read, and nothing that was changed passes.</summary>
public sealed class BackupStreamTests : IDisposable
{
    private readonly SampleStore _store = new();

    public BackupStreamTests()
    {
        var random = new Random(5);
        for (var number = 0; number < 300; number++)
        {
            var value = new byte[random.Next(3_000)];
            random.NextBytes(value.AsSpan(0, value.Length / 2));
            _store.Put($"key-{number}", value, number % 3 == 0 ? 1_900_000_000_000 + number : 0);
        }
        // Longer than a chunk, and than a page of the log.
        var large = new byte[700_000];
        random.NextBytes(large);
        _store.Put("large", large);
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_stream_tells_whose_content_it_is_and_passes_the_check()
    {
        using var source = _store.Checkpoint();
        Assert.True(source.ChunkCount > 3, $"{source.ChunkCount} chunks");

        var head = await SampleBackup.CheckAsync(await SampleBackup.StreamAsync(source));

        Assert.Equal(SampleBackup.HeadOf(source), head);
        Assert.Equal(_store.Store.ContentHash, head.ContentHash);
    }

    [Fact]
    public async Task A_stream_that_ends_early_is_refused_wherever_it_ends()
    {
        using var source = _store.Checkpoint();
        var stream = await SampleBackup.StreamAsync(source);
        var random = new Random(6);
        var ends = Enumerable.Range(0, 100).Concat(Enumerable.Range(0, 30).Select(_ => random.Next(stream.Length)))
            .Concat(Enumerable.Range(1, 20).Select(fromEnd => stream.Length - fromEnd));
        foreach (var end in ends)
        {
            var failure = await Record.ExceptionAsync(() => SampleBackup.CheckAsync(stream[..end]));
            Assert.True(failure is StorageCorruptException, $"cut at {end} of {stream.Length}: {failure}");
        }
        await Assert.ThrowsAsync<StorageCorruptException>(() => SampleBackup.CheckAsync([.. stream, 0]));
    }

    [Fact]
    public async Task A_stream_with_a_flipped_byte_is_refused_wherever_it_is()
    {
        using var source = _store.Checkpoint();
        var stream = await SampleBackup.StreamAsync(source);
        var random = new Random(7);
        var places = Enumerable.Range(0, 160).Concat(Enumerable.Range(0, 80).Select(_ => random.Next(stream.Length)))
            .Concat(Enumerable.Range(1, 12).Select(fromEnd => stream.Length - fromEnd));
        foreach (var place in places)
        {
            var changed = (byte[])stream.Clone();
            changed[place] ^= (byte)(1 << random.Next(8));
            var failure = await Record.ExceptionAsync(() => SampleBackup.CheckAsync(changed));
            // The three zeros of the prelude are under the head's CRC too; only the version is a case of its own.
            Assert.True(
                failure is StorageCorruptException or StorageVersionException or IOException,
                $"flipped at {place} of {stream.Length}: {failure?.GetType().Name ?? "accepted"}");
        }
    }

    [Fact]
    public async Task A_newer_version_is_named()
    {
        using var source = _store.Checkpoint();
        var stream = await SampleBackup.StreamAsync(source);
        stream[4] = 9;
        var newer = await Assert.ThrowsAsync<StorageVersionException>(() => SampleBackup.CheckAsync(stream));
        Assert.Contains("sample: format version 9 is not supported, this program reads version 1", newer.Message);
    }

    [Fact]
    public async Task Damage_on_the_sender_s_disk_since_the_checkpoint_is_found()
    {
        using var source = _store.Checkpoint();
        var segment = Directory.GetFiles(_store.Folder, "*", SearchOption.AllDirectories)
            .OrderByDescending(file => new FileInfo(file).Length).First();
        await using (var file = new FileStream(segment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 300_000;
            var before = file.ReadByte();
            file.Position = 300_000;
            file.WriteByte((byte)(before ^ 4));
        }
        var stream = await SampleBackup.StreamAsync(source);
        var damage = await Assert.ThrowsAsync<StorageCorruptException>(() => SampleBackup.CheckAsync(stream));
        Assert.Contains("a log page of CRC32C", damage.Message);
    }

    [Fact]
    public async Task A_feed_hands_every_record_over_and_waits_for_its_taker()
    {
        var feed = new RecordFeed(_store.Store);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var walking = feed.RunAsync(stop.Token);
        var keys = new HashSet<string>();
        await foreach (var batch in feed.Batches.ReadAllAsync(stop.Token))
        {
            Assert.True(batch.Count <= 256);
            foreach (var record in batch)
                Assert.True(keys.Add(Encoding.UTF8.GetString(record.Key)));
        }
        await walking;
        Assert.Equal(301, keys.Count);
    }

    [Fact]
    public async Task A_feed_that_nobody_takes_from_ends_when_it_is_told_to()
    {
        for (var number = 0; number < 2_000; number++)
            _store.Put($"more-{number}", new byte[10]);
        var feed = new RecordFeed(_store.Store);
        using var stop = new CancellationTokenSource();
        var walking = feed.RunAsync(stop.Token);
        Assert.True(await feed.Batches.WaitToReadAsync());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => walking.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
