using System.Text.Json;
using System.Text.RegularExpressions;
using ShardStore.Node.Routing;
using ShardStore.Storage.Files;

namespace ShardStore.Node.Backup;

/// <summary>backup.json: what makes the files of a directory a backup. Written last, so that it names only what is
/// whole and durable. Its own CRC32C covers every byte of it: it is written again from what was read and must come out
/// the same.</summary>
internal sealed partial record BackupManifest
{
    public const string FileName = "backup.json";
    public const string FormatName = "shardstore-backup";
    public const int CurrentVersion = 1;

    public string Format { get; init; } = FormatName;
    public int Version { get; init; } = CurrentVersion;
    public required string ClusterId { get; init; }
    public required DateTimeOffset Started { get; init; }
    public required DateTimeOffset Ended { get; init; }

    /// <summary>By slots; together they hold each slot once.</summary>
    public required IReadOnlyList<BackedShard> Shards { get; init; }

    /// <summary>Of this document with an empty text here. 8 hex digits.</summary>
    public string Crc32C { get; init; } = "";

    public byte[] Write()
    {
        var unsigned = JsonSerializer.SerializeToUtf8Bytes(
            this with { Crc32C = "" }, BackupJson.Default.BackupManifest);
        var crc = Storage.Files.Crc32C.Compute(unsigned).ToString("x8");
        return JsonSerializer.SerializeToUtf8Bytes(this with { Crc32C = crc }, BackupJson.Default.BackupManifest);
    }

    /// <param name="path">For errors.</param>
    /// <param name="bytes">The whole file.</param>
    public static BackupManifest Read(string path, byte[] bytes)
    {
        try
        {
            CheckKind(path, bytes);
            var manifest = JsonSerializer.Deserialize(bytes, BackupJson.Default.BackupManifest);
            if (manifest is null || !manifest.Write().AsSpan().SequenceEqual(bytes))
                throw new BackupException($"{path}: damaged or edited: its CRC32C does not fit its content");
            manifest.CheckShards(path);
            return manifest;
        }
        catch (JsonException damage)
        {
            throw new BackupException(
                $"{path}: damaged: line {damage.LineNumber + 1} is not the JSON of a backup", damage);
        }
    }

    public static string FileNameOf(BackupHead head) => $"shard-{head.Shard:d4}-{head.Index}.ssb";

    /// <summary>Before anything else: another format, or a newer version, need not look like this one.</summary>
    private static void CheckKind(string path, byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format)
            || format.ValueKind != JsonValueKind.String || !format.ValueEquals(FormatName))
        {
            throw new BackupException($"{path}: no backup of ShardStore: \"format\" must be \"{FormatName}\"");
        }
        if (!root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out var number) || number < 1)
            throw new BackupException($"{path}: damaged: \"version\" must be a number from 1");
        if (number > CurrentVersion)
            throw new StorageVersionException(path, number, CurrentVersion);
    }

    private void CheckShards(string path)
    {
        var next = 0;
        foreach (var shard in Shards)
        {
            if (shard is null || !ContentHash().IsMatch(shard.ContentHash))
                throw new BackupException($"{path}: a shard without a content hash of 16 hex digits");
            if (!ShardFile().IsMatch(shard.File))
                throw new BackupException($"{path}: file '{shard.File}': must be shard-N-INDEX.ssb");
            if (shard.FirstSlot != next || shard.LastSlot < next)
                throw new BackupException($"{path}: shard {shard.Shard} must begin with slot {next}");
            next = shard.LastSlot + 1;
        }
        if (next != ShardMap.SlotCount)
            throw new BackupException($"{path}: slots {next} to {ShardMap.SlotCount - 1} are in no shard");
    }

    [GeneratedRegex(@"^shard-\d{4,10}-\d{1,20}\.ssb\z")]
    private static partial Regex ShardFile();

    [GeneratedRegex(@"^[0-9a-f]{16}\z")]
    private static partial Regex ContentHash();
}
