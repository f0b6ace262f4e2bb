using ShardStore.Node.Telemetry;
using Xunit;

namespace ShardStore.Node.Tests.Telemetry;

public class UtilizationBlockTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(UtilizationBlock.DemandsMax)]
    public void A_block_comes_back_as_it_was(int demandCount)
    {
        var block = Sample(demandCount);
        var bytes = Encode(block);
        Assert.True(UtilizationBlock.TryDecode(bytes, out var read, out var consumed, out var error), error);
        Assert.Equal(bytes.Length, consumed);
        Assert.Equal(block.Node, read!.Node);
        Assert.Equal(block.AgeMs, read.AgeMs);
        Assert.Equal(block.Demands, read.Demands);
    }

    [Fact]
    public void The_node_part_is_64_bytes() => Assert.Equal(64, Encode(Sample(0)).Length);

    [Fact]
    public void Blocks_follow_each_other_in_a_frame()
    {
        byte[] frame = [.. Encode(Sample(2)), .. Encode(Sample(0))];
        Assert.True(UtilizationBlock.TryDecode(frame, out _, out var first, out _));
        Assert.True(UtilizationBlock.TryDecode(frame.AsSpan(first), out var second, out var rest, out _));
        Assert.Empty(second!.Demands);
        Assert.Equal(frame.Length, first + rest);
    }

    [Fact]
    public void A_cut_block_is_refused_at_every_length()
    {
        var bytes = Encode(Sample(3));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(UtilizationBlock.TryDecode(bytes.AsSpan(0, length), out var block, out var consumed, out _));
            Assert.Null(block);
            Assert.Equal(0, consumed);
        }
    }

    [Fact]
    public void Another_version_is_refused_by_its_number()
    {
        var bytes = Encode(Sample(0));
        bytes[0] = 9;
        Assert.False(UtilizationBlock.TryDecode(bytes, out _, out _, out var error));
        Assert.Equal("utilization block version 9; this node reads versions 1 to 3", error);
    }

    [Fact]
    public void A_block_of_the_version_before_is_read_without_the_disks_fill()
    {
        var bytes = Encode(Sample(2));
        bytes[0] = 1;
        bytes[1] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(24), 0.25f);
        Assert.True(UtilizationBlock.TryDecode(bytes, out var block, out _, out var error), error);
        Assert.Equal(0.25f, block!.Node.MemoryShare);
        Assert.Equal(0, block.Node.DiskShare);
        Assert.False(block.Node.IsDiskLow);
        Assert.Equal(2, block.Demands.Length);
    }

    [Fact]
    public void More_demands_than_allowed_are_refused_on_both_sides()
    {
        Assert.Throws<ArgumentException>(() => Encode(Sample(UtilizationBlock.DemandsMax + 1)));
        // What is sent cannot say more by its version; the one before could.
        var bytes = new byte[64 * 1024];
        Encode(Sample(0)).CopyTo(bytes, 0);
        (bytes[0], bytes[1]) = (2, 65);
        Assert.False(UtilizationBlock.TryDecode(bytes, out _, out _, out var error));
        Assert.Contains("at most 64", error);
    }

    [Fact]
    public void A_block_of_the_version_before_damage_was_told_is_read_with_one_demand_more()
    {
        var bytes = new byte[UtilizationBlock.NodePartBytes + (64 * UtilizationBlock.DemandBytes)];
        Encode(Sample(0)).CopyTo(bytes, 0);
        (bytes[0], bytes[1]) = (2, 64);
        Assert.True(UtilizationBlock.TryDecode(bytes, out var block, out var consumed, out var error), error);
        Assert.Equal(bytes.Length, consumed);
        Assert.Equal(64, block!.Demands.Length);
        Assert.False(block.Node.IsDamaged);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1f)]
    public void A_senseless_rate_is_refused(float rate)
    {
        var block = Sample(1);
        block = block with { Node = block.Node with { CpuShare = rate } };
        Assert.False(UtilizationBlock.TryDecode(Encode(block), out _, out _, out var error));
        Assert.Contains("node 7", error);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        const int seed = 20261122;
        var random = new Random(seed);
        var bytes = new byte[4096];
        for (var round = 0; round < 50_000; round++)
        {
            var span = bytes.AsSpan(0, random.Next(300));
            random.NextBytes(span);
            if (span.Length > 1 && random.Next(2) == 0)
                (span[0], span[1]) = (UtilizationBlock.Version, (byte)random.Next(8));
            if (UtilizationBlock.TryDecode(span, out var block, out var consumed, out _))
                Assert.Equal(block!.EncodedBytes, consumed);
        }
    }

    private static byte[] Encode(UtilizationBlock block)
    {
        var bytes = new byte[UtilizationBlock.BlockBytesMax];
        return bytes[..block.Encode(bytes)];
    }

    private static UtilizationBlock Sample(int demandCount)
    {
        var node = new NodeUtilization(7, 123_456)
        {
            CpuShare = 0.75f,
            CpuAttributedShare = 0.5f,
            MemoryBytes = 3L << 30,
            MemoryShare = 0.25f,
            DiskShare = 0.5f,
            IsDiskLow = true,
            IsDamaged = true,
            DiskReadBytesPerSecond = 1e6f,
            DiskWriteBytesPerSecond = 2e6f,
            NetworkInBytesPerSecond = 3e6f,
            NetworkOutBytesPerSecond = 4e6f,
            FsyncMicrosP99 = 1800,
            RequestMicrosP99 = 900,
            ReadsPerSecond = 40_000,
            WritesPerSecond = 10_000,
            StoredBytes = 1e9f,
        };
        var demands = Enumerable.Range(1, demandCount).Select(id => new ShardDemand(id, id * 10, id)
        {
            BytesInPerSecond = 100 * id,
            BytesOutPerSecond = 200 * id,
            CpuMicrosPerSecond = 5000,
            RequestMicrosP99 = 300,
            SizeBytes = 1L << 22,
        });
        return new UtilizationBlock(node, 250, [.. demands]);
    }
}
