using System.Text.Json;
using System.Text.Json.Serialization;

namespace ShardStore.Node.Bench;

/// <summary>What a run brought. Latencies in milliseconds; under a rate they count from the moment an operation was
/// due, so a stalled server is seen as slow, not as idle.</summary>
public sealed record BenchReport
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public required BenchOptions Options { get; init; }
    public required double ElapsedS { get; init; }
    public required long Operations { get; init; }
    public required double OpsPerSecond { get; init; }
    public required LatencySummary Latency { get; init; }
    public required LatencySummary ReadLatency { get; init; }
    public required LatencySummary WriteLatency { get; init; }

    /// <summary>Operations that got an error or no reply at all. Redirects that were followed are not errors.</summary>
    public required long Errors { get; init; }

    public required IReadOnlyDictionary<string, long> ErrorsByText { get; init; }
    public required long Moved { get; init; }
    public required long Asked { get; init; }
    public required long Reconnects { get; init; }

    /// <summary>Null when the run did not verify.</summary>
    public VerifyOutcome? Verified { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
