using System.Diagnostics;
using ShardStore.Node.Telemetry;
using Xunit;

namespace ShardStore.Node.Tests.Telemetry;

public class NodeSamplerTests
{
    private readonly FakeReadings _readings = new();
    private readonly NodeCounters _counters = new();

    [Fact]
    public void Shares_are_of_the_configured_capacity()
    {
        var sampler = Sampler(cores: 2);
        _readings.Pass(seconds: 1, cpuMicros: 500_000, diskWriteBytes: 4096);
        _counters.AddNetwork(1000, 3000);
        var node = sampler.Sample()!.Node;
        Assert.Equal(0.25f, node.CpuShare, 3);
        Assert.Equal(4096f, node.DiskWriteBytesPerSecond);
        Assert.Equal(1000f, node.NetworkInBytesPerSecond);
        Assert.Equal(3000f, node.NetworkOutBytesPerSecond);
    }

    [Fact]
    public void A_late_sample_divides_by_the_time_that_really_passed()
    {
        var meter = new ShardMeter(4);
        var sampler = Sampler(cores: 1);
        sampler.AddMeter(meter);
        for (var i = 0; i < 500; i++)
            meter.AddRead(20, 100);
        _readings.Pass(seconds: 2.5);
        var demand = Assert.Single(sampler.Sample()!.Demands);
        Assert.Equal(200f, demand.ReadsPerSecond, 2);
        Assert.Equal(20_000f, demand.BytesOutPerSecond, 1);
    }

    [Fact]
    public void Cpu_of_shards_is_told_apart_from_the_rest()
    {
        var meter = new ShardMeter(1);
        var sampler = Sampler(cores: 1);
        sampler.AddMeter(meter);
        meter.AddCpuTicks(Stopwatch.Frequency / 5);
        _readings.Pass(seconds: 1, cpuMicros: 500_000);
        var sample = sampler.Sample()!;
        Assert.Equal(0.5f, sample.Node.CpuShare, 3);
        Assert.Equal(0.2f, sample.Node.CpuAttributedShare, 3);
        Assert.Equal(200_000f, sample.Demands[0].CpuMicrosPerSecond, 0);
    }

    [Fact]
    public void Percentiles_are_of_the_last_window_only()
    {
        var meter = new ShardMeter(1);
        var sampler = Sampler(cores: 1);
        sampler.AddMeter(meter);
        meter.Latency.Record(80_000);
        _counters.FsyncLatency.RecordShared(9_000);
        _readings.Pass(seconds: 1);
        var first = sampler.Sample()!;
        meter.Latency.Record(100);
        _readings.Pass(seconds: 1);
        var second = sampler.Sample()!;
        Assert.InRange(first.Node.RequestMicrosP99, 77_000u, 83_000u);
        Assert.InRange(first.Node.FsyncMicrosP99, 8_700u, 9_300u);
        Assert.InRange(second.Node.RequestMicrosP99, 96u, 104u);
        Assert.Equal(second.Node.RequestMicrosP99, second.Demands[0].RequestMicrosP99);
        Assert.Equal(0u, second.Node.FsyncMicrosP99);
    }

    [Fact]
    public void Sequences_rise_from_the_first_and_no_time_means_no_sample()
    {
        var sampler = Sampler(cores: 1);
        Assert.Null(sampler.Sample());
        _readings.Pass(1);
        Assert.Equal(100u, sampler.Sample()!.Node.Sequence);
        Assert.Null(sampler.Sample());
        _readings.Pass(1);
        Assert.Equal(101u, sampler.Sample()!.Node.Sequence);
        Assert.Equal(101u, sampler.Latest.Node.Sequence);
    }

    [Fact]
    public void Demands_come_sorted_and_without_shards_that_left()
    {
        var sampler = Sampler(cores: 1);
        foreach (var id in new[] { 9, 2, 5 })
            sampler.AddMeter(new ShardMeter(id));
        sampler.RemoveMeter(5);
        _readings.Pass(1);
        Assert.Equal([2, 9], sampler.Sample()!.Demands.Select(demand => demand.ShardId));
    }

    [Fact]
    public void Nodes_in_one_process_share_its_cpu_by_the_work_they_did()
    {
        long work1 = 0, work2 = 0;
        var shared = new SharedProcess(_readings);
        var first = shared.AddNode(() => work1);
        var second = shared.AddNode(() => work2);
        first.Read();
        (work1, work2) = (300, 100);
        _readings.Pass(1, cpuMicros: 800);
        Assert.Equal(600, first.Read().CpuMicros);
        Assert.Equal(200, second.Read().CpuMicros);
    }

    [Fact]
    public void In_a_process_that_makes_the_load_too_a_node_is_charged_its_own_work_only()
    {
        long work1 = 0, work2 = 0;
        var shared = new SharedProcess(_readings, ownWorkOnly: true);
        var first = shared.AddNode(() => work1);
        var second = shared.AddNode(() => work2);
        first.Read();
        (work1, work2) = (300, 100);
        _readings.Pass(1, cpuMicros: 800);
        Assert.Equal(300, first.Read().CpuMicros);
        work1 = 350;
        Assert.Equal(100, second.Read().CpuMicros);
        Assert.Equal(350, first.Read().CpuMicros);
    }

    [Fact]
    public void This_process_can_be_read_for_real()
    {
        var readings = new ProcessReadings();
        var before = readings.Read();
        var busyUntil = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 50);
        while (Stopwatch.GetTimestamp() < busyUntil)
            Thread.SpinWait(100);
        var after = readings.Read();
        Assert.True(after.CpuMicros > before.CpuMicros);
        Assert.True(after.MonotonicMicros - before.MonotonicMicros >= 20_000);
        Assert.True(after.MemoryBytes > 1 << 20);
    }

    private NodeSampler Sampler(double cores) =>
        new(_readings, _counters, new NodeCapacity(3, cores, 1 << 30), firstSequence: 100);
}
