using System.Text.Json;
using System.Text.Json.Serialization;

namespace ShardStore.Node.Demo;

/// <summary>Both runs, and what they have in common.</summary>
public sealed record DemoReport
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public required string Trace { get; init; }

    /// <summary>The replayed part. Unit: points of the trace, from 0.</summary>
    public required int FirstPoint { get; init; }

    public required int Points { get; init; }
    public required double Speed { get; init; }
    public required int StepSeconds { get; init; }
    public required int Nodes { get; init; }
    public required int Replicas { get; init; }
    public required int Shards { get; init; }
    public required int HotShard { get; init; }

    /// <summary>First leader of the hot shard.</summary>
    public required int HotNode { get; init; }

    /// <summary>Demand on the hot shard, second by second. Unit: requests per second.</summary>
    public required IReadOnlyList<double> HotShardDemand { get; init; }

    public required DemoRunReport Reactive { get; init; }
    public required DemoRunReport Predictive { get; init; }

    /// <summary>Both runs were asked the same, to the last request.</summary>
    public bool SameLoad =>
        (Reactive.Requests, Reactive.LoadFingerprint) == (Predictive.Requests, Predictive.LoadFingerprint);

    /// <summary>The machine kept up with both runs and was the same in them, so that they can be compared.</summary>
    public bool IsComparable => SameLoad && !DemoVerdict.WasTooBusy(this) && !DemoVerdict.HasChanged(this);

    /// <summary>The predictive run began to relieve the hot node before the overload was due.</summary>
    public bool MovedBefore => FirstRelief(Predictive) < Predictive.OverloadS;

    public bool LessTimeOver => Predictive.OverCapacityS < Reactive.OverCapacityS;

    public string Verdict => DemoVerdict.Of(this);

    internal static DemoReport Of(
        DemoScript script, DemoOptions options, (DemoRunReport Reactive, DemoRunReport Predictive) runs)
    {
        var seconds = Enumerable.Range(0, (int)script.ReplaySeconds).Select(s => script.WarmUpSeconds + s + 0.5);
        return new DemoReport
        {
            Trace = options.TracePath is { } path ? Path.GetFileName(path) : "built in",
            FirstPoint = script.Window.First,
            Points = script.Window.Steps,
            Speed = script.Speed,
            StepSeconds = script.StepSeconds,
            Nodes = script.Nodes,
            Replicas = options.Replicas,
            Shards = script.Shards,
            HotShard = script.HotShard,
            HotNode = script.HotNode,
            HotShardDemand = [.. seconds.Select(at => script.RateAt(script.HotShard, at))],
            Reactive = runs.Reactive,
            Predictive = runs.Predictive,
        };
    }

    /// <summary>When a run's first move off the hot node began; null if there was none.</summary>
    public double? FirstRelief(DemoRunReport run) =>
        run.Moves.Where(move => move.From == HotNode).Min(move => (double?)move.StartS);

    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
