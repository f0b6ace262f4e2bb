using System.Collections.Immutable;

namespace ShardStore.Balancer.Tests;

/// <summary>What one simulated run cost.</summary>
internal readonly record struct LoopScore(
    double BreachSeconds, int Moves, int LeaderTransfers, double WireBytes, int Reversals)
{
    public static LoopScore operator +(LoopScore a, LoopScore b) => new(a.BreachSeconds + b.BreachSeconds,
        a.Moves + b.Moves, a.LeaderTransfers + b.LeaderTransfers, a.WireBytes + b.WireBytes, a.Reversals + b.Reversals);

    public override string ToString() => $"{BreachSeconds,8:F0} s over the threshold, {Moves,3} moves "
        + $"({LeaderTransfers} leader transfers), {WireBytes / 1e6,6:F0} MB sent, {Reversals} reversals";
}

/// <summary>A small cluster in virtual time around the real planner: demand by <see cref="DemandScript"/>, nodes that
/// measure what it costs, moves that take as long as the planner's cost says and load both ends meanwhile. One tick a
/// minute; two days of history before the first decision, then one scored day.</summary>
internal sealed class ClosedLoop
{
    private const int TickSeconds = 60;
    private const int DayTicks = 1440;
    private const int HistoryDays = 2;
    private const double MovingCores = 0.02;
    private const double Threshold = 0.8;
    private const int NodeCount = 6;

    private readonly DemandScript _script;
    private readonly BalancingPolicy _policy;
    private readonly DayForecaster _forecaster;
    private readonly List<(MoveInFlight Move, long EndMs, Recommendation Row)> _running = [];
    private readonly List<FinishedMove> _finished = [];
    private readonly Queue<double>[] _recent = [.. Enumerable.Range(0, NodeCount).Select(_ => new Queue<double>())];
    private readonly double[] _smoothed = new double[NodeCount];
    private ShardLoad[] _shards;
    private LoopScore _score;

    public ClosedLoop(DemandScript script, BalancerMode mode)
    {
        _script = script;
        _policy = BalancingPolicy.Default with { Mode = mode };
        _forecaster = new DayForecaster(script);
        _shards = [.. Enumerable.Range(0, DemandScript.ShardCount).Select(FirstPlacement)];
    }

    public LoopScore Run()
    {
        var first = HistoryDays * DayTicks;
        for (var tick = first; tick < first + DayTicks; tick++)
        {
            var nowMs = (long)tick * TickSeconds * 1000;
            FinishMoves(nowMs);
            for (var i = 0; i < _shards.Length; i++)
                _shards[i] = _shards[i] with { Demand = _script.Demand(i, tick) };
            var cores = Measure();
            foreach (var load in cores)
                _score = _score with { BreachSeconds = _score.BreachSeconds + (load > Threshold ? TickSeconds : 0) };
            if (_policy.Mode != BalancerMode.Off)
                StartMoves(Snapshot(cores, tick), nowMs);
        }
        return _score;
    }

    /// <summary>Shards with the same busy hours sit together, as hash placement does at times.</summary>
    private static ShardLoad FirstPlacement(int shard)
    {
        var leader = shard * NodeCount / DemandScript.ShardCount;
        int[] nodes = [leader, (leader + 1) % NodeCount, (leader + 2) % NodeCount];
        return new ShardLoad
        {
            Id = new ShardId(shard + 1),
            Leader = new NodeId(leader + 1),
            Replicas = [.. nodes.Select(node => new ShardReplica(new NodeId(node + 1), true))],
            SizeBytes = 500_000_000,
        };
    }

    private double[] Measure()
    {
        var cores = new double[NodeCount];
        foreach (var shard in _shards)
        {
            foreach (var replica in shard.Replicas)
                cores[replica.Node.Value - 1] += TestCluster.CoresOf(shard, replica.Node);
        }
        foreach (var (move, _, _) in _running.Where(running => running.Move.Kind == MoveKind.ReplicaMove))
        {
            cores[move.From.Value - 1] += MovingCores;
            cores[move.To.Value - 1] += MovingCores;
        }
        for (var node = 0; node < NodeCount; node++)
        {
            _smoothed[node] = _smoothed[node] == 0 ? cores[node] : (0.5 * _smoothed[node]) + (0.5 * cores[node]);
            _recent[node].Enqueue(_smoothed[node]);
            if (_recent[node].Count > 10)
                _recent[node].Dequeue();
        }
        return cores;
    }

    private ClusterSnapshot Snapshot(double[] cores, int tick) => new()
    {
        Nodes = [.. Enumerable.Range(0, NodeCount).Select(node => new NodeLoad
        {
            Id = new NodeId(node + 1),
            CapacityCores = 1,
            Utilization = new ResourceFractions(cores[node], 0.2, 0.2, 0.1),
            Used = new ResourceAmounts(cores[node], 0, 0, 0),
            RecentCpu = [.. _recent[node]],
        })],
        Shards = [.. _shards.Select((shard, i) => shard with
        {
            Forecast = _policy.Mode == BalancerMode.Predictive ? _forecaster.Forecast(i, tick) : null,
        })],
        InFlight = [.. _running.Select(running => running.Move)],
        RecentMoves = [.. _finished],
        Policy = _policy,
        Costs = TestCluster.Costs,
        WireRatio = 0.6,
    };

    private void StartMoves(ClusterSnapshot snapshot, long nowMs)
    {
        var decision = Planner.Decide(snapshot, nowMs, 1);
        // A row due before the next tick would be late if it waited for it.
        foreach (var row in decision.Recommendations.Where(row => row.ExecuteAtMs < nowMs + (TickSeconds * 1000)))
        {
            var move = new MoveInFlight(row.Shard, row.From, row.To, row.Kind, nowMs);
            _running.Add((move, nowMs + (long)(row.Cost.Seconds * 1000), row));
            var isTransfer = row.Kind == MoveKind.LeaderTransfer;
            var isReversal = _finished.Any(old => old.Shard == row.Shard && old.From == row.To && old.To == row.From
                && nowMs - old.EndedMs < _policy.Limits.CooldownSeconds * 1000);
            _score += new LoopScore(0, 1, isTransfer ? 1 : 0, row.Cost.WireBytes, isReversal ? 1 : 0);
        }
    }

    private void FinishMoves(long nowMs)
    {
        foreach (var (move, endMs, row) in _running.Where(running => running.EndMs <= nowMs).ToList())
        {
            var index = move.Shard.Value - 1;
            _shards[index] = Placements.Move(_shards[index], row);
            _finished.Add(new FinishedMove(move.Shard, move.From, move.To, move.Kind, endMs));
        }
        _running.RemoveAll(running => running.EndMs <= nowMs);
    }
}
