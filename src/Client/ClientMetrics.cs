using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;

namespace ShardStore.Client;

/// <summary>The client's instruments, for any listener of System.Diagnostics.Metrics (OpenTelemetry too).</summary>
public static class ClientMetrics
{
    /// <summary>The meter to listen to.</summary>
    public const string MeterName = "ShardStore.Client";

    private static readonly Meter s_meter = new(MeterName);

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>(
        "db.client.operation.duration", "s", "Time of a call, retries included.");

    private static readonly UpDownCounter<long> s_pending = s_meter.CreateUpDownCounter<long>(
        "db.client.connection.pending_requests", "{request}", "Calls under way.");

    private static readonly Counter<long> s_timeouts = s_meter.CreateCounter<long>(
        "db.client.connection.timeouts", "{timeout}", "Calls that met their deadline.");

    private static readonly Counter<long> s_retries = s_meter.CreateCounter<long>(
        "shardstore.client.retries", "{retry}", "Tries after the first, redirects not counted.");

    private static readonly Counter<long> s_redirects = s_meter.CreateCounter<long>(
        "shardstore.client.redirects", "{redirect}", "MOVED and ASK replies.");

    internal static void OnStart() => s_pending.Add(1);

    /// <param name="name">The command's name; becomes text only when somebody listens.</param>
    /// <param name="startTimestamp">When the call began.</param>
    internal static void OnEnd(byte[] name, long startTimestamp)
    {
        s_pending.Add(-1);
        if (s_duration.Enabled)
            s_duration.Record(
                Stopwatch.GetElapsedTime(startTimestamp).TotalSeconds,
                new KeyValuePair<string, object?>("db.system.name", "redis"),
                new KeyValuePair<string, object?>("db.operation.name", Encoding.ASCII.GetString(name)));
    }

    internal static void OnTimeout() => s_timeouts.Add(1);

    internal static void OnRetry() => s_retries.Add(1);

    internal static void OnRedirect() => s_redirects.Add(1);
}
