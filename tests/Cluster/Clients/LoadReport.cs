using System.Globalization;
using System.Text.Json;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Clients;

/// <summary>What a client's script says of its load, in its last line: JSON, the same for all clients.</summary>
internal sealed record LoadReport
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    public required long Operations { get; init; }

    /// <summary>Errors that the client threw at its user.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>Values that were not those written.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }

    /// <summary>Acknowledged INCRs by key.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }

    public static LoadReport Parse(string output)
    {
        var last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        return JsonSerializer.Deserialize<LoadReport>(last, Names)!;
    }

    /// <summary>Nothing thrown, nothing wrong, and every acknowledged write there when read back by another client.
    /// </summary>
    public async Task AssertFlawlessAsync(ClusterProcess cluster)
    {
        Assert.Empty(Errors);
        Assert.Empty(Wrong);
        Assert.True(Operations > 500, $"only {Operations} operations: no load");
        foreach (var (key, count) in Counters)
        {
            var read = await ToolProcess.RunAsync(
                "redis-cli", "-c", "-p", cluster.Ports[0].ToString(CultureInfo.InvariantCulture), "get", key);
            Assert.Equal($"{key} {count}", $"{key} {read.Checked().Trim()}");
        }
    }
}
