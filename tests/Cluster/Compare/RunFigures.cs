using ShardStore.Node.Bench;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>What one run brought, of the replay alone: what came before it counts in the fingerprint only.</summary>
internal sealed record RunFigures
{
    /// <summary>Of its capacity. A node cannot use more than all of it; from here on requests queue.</summary>
    public const double SaturatedShare = 0.95;

    /// <summary>reactive or predictive.</summary>
    public required string Mode { get; init; }

    /// <summary>Node-seconds above the policy's threshold.</summary>
    public required int OverThresholdS { get; init; }

    /// <summary>Node-seconds above <see cref="SaturatedShare"/>.</summary>
    public required int OverCapacityS { get; init; }

    /// <summary>Node-seconds of which no node told its CPU.</summary>
    public required int SilentS { get; init; }

    /// <summary>Thread-seconds that the kernel held the nodes back; 0 where it does not.</summary>
    public required double ThrottledS { get; init; }

    /// <summary>From when a request was due to its answer, or until it was clear that it has none.</summary>
    public required LatencySummary Latency { get; init; }

    public required long Errors { get; init; }

    /// <summary>Of the whole load; the same in both runs when both were asked the same.</summary>
    public required long Requests { get; init; }
    public required string Fingerprint { get; init; }

    public required int LeaderTransfers { get; init; }
    public required int ReplicaMoves { get; init; }

    /// <summary>Of both kinds, beside those counted above.</summary>
    public required int MovesNotDone { get; init; }

    /// <summary>Changes of leaders beyond one a move: a node so full that it was not heard from in time.</summary>
    public required long Elections { get; init; }

    /// <summary>Sent by replica moves.</summary>
    public required long BytesMoved { get; init; }

    /// <summary>First move that was begun. Unit: seconds of the replay; null: none.</summary>
    public required double? FirstMoveS { get; init; }

    /// <summary>CPU of the hot node at the end of the warm-up, as a share of its capacity: nothing has moved, so it is
    /// the same in both runs if the machine is.</summary>
    public required double StartShare { get; init; }

    /// <summary>How late requests went out by the generator's own fault. Unit: ms.</summary>
    public required double LagMsP99 { get; init; }

    /// <summary>CPU of the generator over the replay. Unit: cores.</summary>
    public required double GeneratorCores { get; init; }

    /// <summary>Which forecaster answered for the hot shard at the end.</summary>
    public required string Forecaster { get; init; }
}
