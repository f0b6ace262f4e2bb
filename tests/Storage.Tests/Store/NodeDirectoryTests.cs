using ShardStore.Storage.Identity;
using Xunit;

namespace ShardStore.Storage.Tests.Store;

public sealed class NodeDirectoryTests : IDisposable
{
    private const string Cluster = "cluster-1";
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_directory_remembers_its_node()
    {
        NodeIdentity identity = new(Cluster, "n1", 7);
        using (NodeDirectory directory = NodeDirectory.Open(_root.Path))
        {
            Assert.Null(directory.Identity);
            directory.Bind(identity with { NodeNumber = 0 });
            directory.Bind(identity);
        }
        using NodeDirectory opened = NodeDirectory.Open(_root.Path);
        string disk = opened.Identity!.DiskId;
        Assert.Equal(identity with { DiskId = disk }, opened.Identity);
        opened.Bind(identity);
        Assert.Equal(disk, opened.Identity.DiskId);
        Assert.Equal(16, disk.Length);
        using TemporaryDirectory another = new();
        using NodeDirectory empty = NodeDirectory.Open(another.Path);
        empty.Bind(identity);
        Assert.NotEqual(disk, empty.Identity!.DiskId);
    }

    [Fact]
    public void A_directory_of_the_first_format_gets_its_disk_id_when_it_is_bound_again()
    {
        // As version 1 wrote it: magic, version, number 7, "cluster-1", "n1", CRC32C.
        byte[] old = [.. "SSID"u8, 1, 7, 0, 0, 0, 0, 0, 0, 0, 9, .. "cluster-1"u8, 2, .. "n1"u8, 0, 0, 0, 0];
        BitConverter.TryWriteBytes(old.AsSpan(old.Length - 4), Segments.Checksum.Of(old.AsSpan(0, old.Length - 4)));
        File.WriteAllBytes(Path.Combine(_root.Path, "identity"), old);
        using (NodeDirectory directory = NodeDirectory.Open(_root.Path))
        {
            Assert.Equal(new NodeIdentity(Cluster, "n1", 7), directory.Identity);
            directory.Bind(new NodeIdentity(Cluster, "n1", 7));
        }
        using NodeDirectory opened = NodeDirectory.Open(_root.Path);
        Assert.Equal(16, opened.Identity!.DiskId.Length);
    }

    [Fact]
    public void A_second_user_of_the_directory_is_refused_until_the_first_is_gone()
    {
        using (NodeDirectory.Open(_root.Path))
        {
            IOException refused = Assert.Throws<IOException>(() => NodeDirectory.Open(_root.Path));
            Assert.Contains(_root.Path, refused.Message, StringComparison.Ordinal);
            Assert.Contains("another process uses it", refused.Message, StringComparison.Ordinal);
        }
        NodeDirectory.Open(_root.Path).Dispose();
    }

    [Fact]
    public void A_directory_with_other_files_is_refused_and_left_as_it_is()
    {
        string file = Path.Combine(_root.Path, "somebody's");
        File.WriteAllText(file, "precious");
        IOException refused = Assert.Throws<IOException>(() => NodeDirectory.Open(_root.Path));
        Assert.Contains("holds 'somebody's' but no file 'identity'", refused.Message, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(_root.Path));
    }

    [Fact]
    public void What_a_start_that_was_cut_short_left_is_no_reason_to_refuse()
    {
        NodeDirectory.Open(_root.Path).Dispose();
        File.WriteAllText(Path.Combine(_root.Path, "identity.tmp"), "half");
        Directory.CreateDirectory(Path.Combine(_root.Path, "lost+found"));
        using NodeDirectory directory = NodeDirectory.Open(_root.Path);
        Assert.Null(directory.Identity);
    }

    [Fact]
    public void A_foreign_cluster_name_or_number_is_refused_with_both_values_and_nothing_changes()
    {
        NodeIdentity identity = new(Cluster, "n1", 7);
        using NodeDirectory directory = NodeDirectory.Open(_root.Path);
        directory.Bind(identity);
        byte[] before = File.ReadAllBytes(Path.Combine(_root.Path, "identity"));
        const string other = "cluster-2";
        IOException foreign = Assert.Throws<IOException>(() => directory.Bind(identity with { ClusterId = other }));
        Assert.Contains($"{_root.Path}: belongs to cluster id {Cluster}", foreign.Message, StringComparison.Ordinal);
        Assert.Contains(other, foreign.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => directory.Bind(identity with { NodeName = "n2" }));
        Assert.Throws<IOException>(() => directory.Bind(identity with { NodeNumber = 8 }));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(_root.Path, "identity")));
    }

    [Fact]
    public void Any_flipped_bit_and_a_newer_format_are_refused()
    {
        string file = Path.Combine(_root.Path, "identity");
        using (NodeDirectory directory = NodeDirectory.Open(_root.Path))
            directory.Bind(new NodeIdentity(Cluster, "n1", 7));
        byte[] good = File.ReadAllBytes(file);
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] flipped = [.. good];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(file, flipped);
            Assert.Throws<StorageCorruptException>(() => NodeDirectory.Open(_root.Path));
        }
        good[4] = 3;
        BitConverter.TryWriteBytes(good.AsSpan(good.Length - 4), Segments.Checksum.Of(good.AsSpan(0, good.Length - 4)));
        File.WriteAllBytes(file, good);
        IOException newer = Assert.Throws<IOException>(() => NodeDirectory.Open(_root.Path));
        Assert.Contains("version 3, this node reads version 1 to 2", newer.Message, StringComparison.Ordinal);
        Assert.Equal(good, File.ReadAllBytes(file));
    }
}
