using ShardStore.Node.Backup;
using ShardStore.Node.Tests.Cli;

namespace ShardStore.Node.Tests.Backup;

/// <summary>`ctl restore` given what is no whole backup: one line that names the file, and nobody is asked. (No node
/// listens where these commands would look for one.)</summary>
public sealed class RestoreInputTests : IDisposable
{
    private readonly SampleStore _store = new();
    private readonly string _directory;

    public RestoreInputTests()
    {
        _directory = Path.Combine(_store.Folder, "backup");
        for (var number = 0; number < 50; number++)
            _store.Put($"key-{number}", new byte[number]);
    }

    private string Manifest => Path.Combine(_directory, BackupManifest.FileName);

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        await RefusedAsync("does not exist; give the directory of a backup");
        await File.WriteAllTextAsync(_directory, "");
        await RefusedAsync("is a file; give the directory of a backup");
        File.Delete(_directory);
        Directory.CreateDirectory(_directory);
        await RefusedAsync("is empty, so it is no backup");
        await File.WriteAllTextAsync(Path.Combine(_directory, "notes.txt"), "");
        await RefusedAsync("has no backup.json, so it is no backup, or one that did not end");
    }

    [Fact]
    public async Task A_whole_backup_is_only_refused_by_the_node_that_does_not_answer()
    {
        await WriteAsync();
        await RefusedAsync("http://127.0.0.1:1/ does not answer");
    }

    [Fact]
    public async Task A_flipped_byte_in_any_part_of_a_file_is_found()
    {
        var file = await WriteAsync();
        var bytes = await File.ReadAllBytesAsync(file);
        for (var part = 0; part < 16; part++)
        {
            var changed = (byte[])bytes.Clone();
            changed[part * (bytes.Length - 1) / 15] ^= 0x10;
            await File.WriteAllBytesAsync(file, changed);
            await RefusedAsync(file);
        }
    }

    [Fact]
    public async Task A_missing_a_cut_and_an_exchanged_file_are_found()
    {
        var file = await WriteAsync();
        var bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, bytes[..^7]);
        await RefusedAsync($"{file}: damaged at offset {bytes.Length - 7}: a file of {bytes.Length} bytes");
        File.Delete(file);
        await RefusedAsync($"{file}: is missing, but backup.json names it");

        // Whole, of the same shard and length, but of another time.
        _store.Put("key-1", [9]);
        using (var source = _store.Checkpoint())
            await File.WriteAllBytesAsync(file, await SampleBackup.StreamAsync(source));
        await RefusedAsync(file);
    }

    [Fact]
    public async Task A_damaged_list_of_files_is_found()
    {
        await WriteAsync();
        var text = await File.ReadAllTextAsync(Manifest);
        await File.WriteAllTextAsync(Manifest, text.Replace("cafe", "face", StringComparison.Ordinal));
        await RefusedAsync($"{Manifest}: damaged or edited");
        await File.WriteAllTextAsync(
            Manifest, text.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal));
        await RefusedAsync($"{Manifest}: format version 2 is not supported, this program reads version 1");
    }

    [Fact]
    public async Task A_directory_with_other_things_and_one_in_use_are_not_written_to()
    {
        await WriteAsync();
        using (var held = BackupFolder.OpenToWrite(_directory))
        {
            var busy = Assert.Throws<IOException>(() => BackupFolder.OpenToWrite(_directory));
            Assert.Contains("another process uses it", busy.Message);
        }
        await File.WriteAllTextAsync(Path.Combine(_directory, "notes.txt"), "mine");
        var refusal = Assert.Throws<BackupException>(() => BackupFolder.OpenToWrite(_directory));
        Assert.Contains("holds other things (notes.txt)", refusal.Message);
    }

    [Fact]
    public async Task What_an_interrupted_backup_left_is_taken_away_by_the_next()
    {
        var file = await WriteAsync();
        var half = Path.Combine(_directory, "shard-0007.ssb.tmp");
        var orphan = Path.Combine(_directory, "shard-0007-99.ssb");
        await File.WriteAllTextAsync(half, "half");
        await File.WriteAllTextAsync(orphan, "whole, but in no backup");
        await WriteAsync();
        Assert.True(File.Exists(file));
        Assert.False(File.Exists(half) || File.Exists(orphan));
    }

    private async Task<string> WriteAsync()
    {
        using var source = _store.Checkpoint();
        var manifest = await SampleBackup.WriteAsync(_directory, source);
        return Path.Combine(_directory, manifest.Shards[0].File);
    }

    private async Task RefusedAsync(string expected)
    {
        var run = await CliRun.OfAsync("ctl", "--admin", "http://127.0.0.1:1", "restore", "--from", _directory);
        Assert.True(
            run.Errors.Contains(expected, StringComparison.Ordinal), $"expected: {expected}\ngot: {run.Errors}");
        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
    }
}
