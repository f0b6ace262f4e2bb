using System.Globalization;
using System.Text.RegularExpressions;
using ShardStore.Balancer;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Tests.Admin;

public sealed class MetricsTests : IAsyncLifetime
{
    private static readonly Regex s_sample = new(
        """^([a-z_0-9]+)(\{([a-z]+="[^"]*",?)+\})? (-?[0-9.E+-]+|\+Inf)$""", RegexOptions.CultureInvariant);

    private readonly TestCluster _cluster = new();
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync(_cluster.SourceOf(1));

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Every_line_is_well_formed_and_belongs_to_its_family()
    {
        var (_, text) = await _bench.TextAsync("/metrics");
        var (family, type) = ("", "");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                (family, type) = (line.Split(' ')[2], line.Split(' ')[3]);
            if (line.StartsWith('#'))
                continue;
            var match = s_sample.Match(line);
            Assert.True(match.Success, line);
            var name = match.Groups[1].Value;
            Assert.True(name == family || (type is "histogram" or "summary" && name.StartsWith(family + "_")), line);
        }
    }

    [Fact]
    public async Task Names_have_one_prefix_and_base_units()
    {
        var (_, text) = await _bench.TextAsync("/metrics");
        var families = text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')).Select(words => (Name: words[2], Type: words[3])).ToArray();
        Assert.True(families.Length > 40);
        Assert.Equal(families.Length, families.DistinctBy(family => family.Name).Count());
        Assert.All(families, family =>
        {
            Assert.StartsWith("shardstore_", family.Name);
            Assert.Equal(family.Type == "counter", family.Name.EndsWith("_total", StringComparison.Ordinal));
            Assert.DoesNotMatch("_(ms|millis|micros|kb|mb|percent)(_|$)", family.Name);
        });
    }

    [Theory]
    [InlineData("has_leader")]
    [InlineData("leader_changes_seen_total")]
    [InlineData("proposals_pending")]
    [InlineData("proposals_committed_total")]
    [InlineData("proposals_applied_total")]
    [InlineData("wal_fsync_duration_seconds")]
    [InlineData("requests_held_total")]
    [InlineData("requests_redirected_total")]
    [InlineData("snapshot_sent_bytes_total")]
    [InlineData("utilization_blocks_sent_total")]
    [InlineData("connected_clients")]
    [InlineData("commands_total")]
    public async Task What_dashboards_and_alerts_rely_on_is_there(string name)
    {
        var (_, text) = await _bench.TextAsync("/metrics");
        Assert.Contains($"# TYPE shardstore_{name} ", text);
        Assert.Contains($"\nshardstore_{name}", text);
    }

    [Fact]
    public async Task Values_are_those_of_the_node()
    {
        _cluster.Apply(new StartMigration(MoveKind.ReplicaMove, 1, 1, 4, "test", 0));
        Assert.Equal(1, await ValueAsync("migrations", """{stage="planned"}"""));
        Assert.Equal(0, await ValueAsync("migrations", """{stage="done"}"""));
        Assert.Equal(2, await ValueAsync("groups", """{role="leader"}"""));
        Assert.Equal(7, await ValueAsync("shard_reads_total", """{shard="1"}"""));
        Assert.Equal(0.25, await ValueAsync("node_cpu_share", """{node="n2"}"""));
        Assert.Equal(0.002, await ValueAsync("wal_fsync_duration_seconds", """{quantile="0.99"}"""));
        Assert.Equal(0.00015, await ValueAsync("peer_round_trip_seconds", """{peer="n2"}"""));
    }

    [Fact]
    public async Task Latency_buckets_are_cumulative()
    {
        Assert.Equal(0, await ValueAsync("request_duration_seconds_bucket", """{le="0.0001"}"""));
        Assert.Equal(1, await ValueAsync("request_duration_seconds_bucket", """{le="0.00025"}"""));
        Assert.Equal(1, await ValueAsync("request_duration_seconds_bucket", """{le="0.025"}"""));
        Assert.Equal(2, await ValueAsync("request_duration_seconds_bucket", """{le="2.5"}"""));
        Assert.Equal(2, await ValueAsync("request_duration_seconds_bucket", """{le="+Inf"}"""));
        Assert.Equal(2, await ValueAsync("request_duration_seconds_count", ""));
        Assert.Equal(0.0302, await ValueAsync("request_duration_seconds_sum", ""), 0.001);
    }

    private async Task<double> ValueAsync(string name, string labels)
    {
        var (_, text) = await _bench.TextAsync("/metrics");
        var start = $"shardstore_{name}{labels} ";
        var line = Assert.Single(text.Split('\n'), line => line.StartsWith(start, StringComparison.Ordinal));
        return double.Parse(line[start.Length..], CultureInfo.InvariantCulture);
    }
}
