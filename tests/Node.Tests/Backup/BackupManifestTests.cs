using System.Text;
using ShardStore.Node.Backup;
using ShardStore.Storage.Files;

namespace ShardStore.Node.Tests.Backup;

/// <summary>backup.json: complete, or refused by name.</summary>
public sealed class BackupManifestTests
{
    private const string Name = "/b/backup.json";

    [Fact]
    public void What_is_written_is_read()
    {
        var manifest = SampleBackup.ManifestOf(Shard(1, 0, 8_000), Shard(2, 8_001, 16_383));
        var read = BackupManifest.Read(Name, manifest.Write());
        Assert.Equal(manifest.Shards, read.Shards);
        Assert.Equal((manifest.ClusterId, manifest.Started, manifest.Ended),
            (read.ClusterId, read.Started, read.Ended));
    }

    [Fact]
    public void Every_flipped_bit_is_refused_in_one_line_that_names_the_file()
    {
        var bytes = SampleBackup.ManifestOf(Shard(1, 0, 16_383)).Write();
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var failure = Record.Exception(() => BackupManifest.Read(Name, changed));
            Assert.True(failure is BackupException or StorageVersionException, $"bit {bit}: {failure}");
            Assert.StartsWith(Name, failure.Message);
            Assert.DoesNotContain('\n', failure.Message);
        }
    }

    [Fact]
    public void It_may_not_be_cut_or_continued()
    {
        var bytes = SampleBackup.ManifestOf(Shard(1, 0, 16_383)).Write();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<BackupException>(() => BackupManifest.Read(Name, bytes[..length]));
        Assert.Throws<BackupException>(() => BackupManifest.Read(Name, [.. bytes, (byte)'\n']));
    }

    [Theory]
    [InlineData("""{"format":"tar","version":1}""", "no backup of ShardStore")]
    [InlineData("[]", "no backup of ShardStore")]
    [InlineData("""{"format":"shardstore-backup","version":"one"}""", "\"version\" must be a number from 1")]
    [InlineData("""{"format":"shardstore-backup","version":1}""", "damaged")]
    [InlineData("not json", "damaged: line 1 is not the JSON of a backup")]
    public void Other_documents_are_refused_with_what_is_expected(string text, string expected)
    {
        var failure = Assert.Throws<BackupException>(() => BackupManifest.Read(Name, Encoding.UTF8.GetBytes(text)));
        Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public void A_newer_version_is_named_however_it_looks_inside()
    {
        var text = """{"format":"shardstore-backup","version":7,"volumes":[]}""";
        var newer = Assert.Throws<StorageVersionException>(
            () => BackupManifest.Read(Name, Encoding.UTF8.GetBytes(text)));
        Assert.Equal($"{Name}: format version 7 is not supported, this program reads version 1", newer.Message);
    }

    [Fact]
    public void Slots_must_be_there_once_and_files_inside_the_directory()
    {
        Refused("slots 16000 to 16383 are in no shard", Shard(1, 0, 15_999));
        Refused("shard 2 must begin with slot 100", Shard(1, 0, 99), Shard(2, 101, 16_383));
        Refused("shard 2 must begin with slot 100", Shard(1, 0, 99), Shard(2, 99, 16_383));
        Refused("must be shard-N-INDEX.ssb", Shard(1, 0, 16_383) with { File = "../../etc/passwd" });
        Refused("must be shard-N-INDEX.ssb", Shard(1, 0, 16_383) with { File = "shard-0001-9.ssb\n" });
    }

    private static void Refused(string expected, params BackedShard[] shards)
    {
        var bytes = SampleBackup.ManifestOf(shards).Write();
        Assert.Contains(expected, Assert.Throws<BackupException>(() => BackupManifest.Read(Name, bytes)).Message);
    }

    private static BackedShard Shard(int id, int first, int last) => new()
    {
        Shard = id,
        FirstSlot = first,
        LastSlot = last,
        Index = 123,
        Term = 2,
        ConfirmedIndex = 120,
        ContentHash = "0123456789abcdef",
        TotalBytes = 4_000,
        File = $"shard-{id:d4}-123.ssb",
        FileBytes = 2_000,
        Sha256 = new string('a', 64),
    };
}
