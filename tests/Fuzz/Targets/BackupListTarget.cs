using System.Text;
using ShardStore.Node.Backup;
using ShardStore.Storage.Files;

namespace ShardStore.Fuzz.Targets;

/// <summary>backup.json.</summary>
internal sealed class BackupListTarget : IFuzzTarget
{
    private static readonly byte[] s_crcField = "\"crc32C\": \""u8.ToArray();

    public string Name => "backup-list";

    public IReadOnlyList<byte[]> Corpus { get; } = [List(1), List(5)];

    public void Seal(byte[] input)
    {
        var at = input.AsSpan().LastIndexOf(s_crcField) + s_crcField.Length;
        if (at < s_crcField.Length || at + 8 > input.Length)
            return;
        var crc = Crc32C.Compute([.. input.AsSpan(0, at), .. input.AsSpan(at + 8)]);
        Encoding.ASCII.GetBytes(crc.ToString("x8")).CopyTo(input.AsSpan(at));
    }

    public bool Read(byte[] input)
    {
        BackupManifest.Read("backup.json", input);
        return true;
    }

    public bool IsRefusal(Exception error) => error is BackupException or StorageVersionException;

    private static byte[] List(int shards) => new BackupManifest
    {
        ClusterId = "cafe",
        Started = DateTimeOffset.UnixEpoch,
        Ended = DateTimeOffset.UnixEpoch.AddSeconds(9),
        Shards =
        [
            .. Enumerable.Range(0, shards).Select(number => new BackedShard
            {
                Shard = number + 1,
                FirstSlot = number * 16_384 / shards,
                LastSlot = ((number + 1) * 16_384 / shards) - 1,
                Index = 7,
                Term = 2,
                ConfirmedIndex = 7,
                ContentHash = "0123456789abcdef",
                TotalBytes = 100,
                File = $"shard-{number + 1:d4}-7.ssb",
                FileBytes = 60,
                Sha256 = "ab",
            }),
        ],
    }.Write();
}
