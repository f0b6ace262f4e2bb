using System.Collections.Immutable;

namespace ShardStore.Balancer.Simulation;

/// <summary>Moves take time: bytes over a link that all transfers of a node share, what is written meanwhile sent after
/// them, then the stages of joining and switching over. Sending and receiving cost CPU.</summary>
internal sealed class MovesUnderWay(ClusterDesign design, BalancingPolicy policy)
{
    /// <summary>Joining, shifting reads and switching over, whatever the size. Unit: seconds.</summary>
    private const double ReplicaStagesSeconds = 5;

    private const double LeaderTransferSeconds = 0.5;

    /// <summary>Compression, checksums, system calls: a quarter of a core at 100 MB/s. Unit: CPU seconds a byte.
    /// </summary>
    private const double CoresPerByte = 2.5e-9;

    /// <summary>Where as much is written as the link carries, so much of it still gets ahead.</summary>
    private const double HeadwayMin = 0.05;

    private readonly List<Transfer> _running = [];
    private readonly List<FinishedMove> _finished = [];
    private readonly int[] _transfersOf = new int[design.Nodes];

    public double BytesMoved { get; private set; }

    public int ReplicaMoves { get; private set; }

    public int LeaderTransfers { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Moves that undid another of the same shard which had ended less than a cool-down before.</summary>
    public int Reversals { get; private set; }

    /// <summary>Mean cores that transfers took of each node in the last tick.</summary>
    public double[] Cores { get; } = new double[design.Nodes];

    public ImmutableArray<MoveInFlight> Running =>
        [.. _running.Where(transfer => transfer.EndMs is null).Select(transfer => transfer.Move)];

    /// <summary>Kept as long as any rule of the policy asks for it.</summary>
    public ImmutableArray<FinishedMove> Finished => [.. _finished];

    public void Start(Recommendation row, double opsPerSecond, long nowMs)
    {
        var isReplica = row.Kind == MoveKind.ReplicaMove;
        var traits = design.Shards[row.Shard.Value - 1];
        _running.Add(new Transfer
        {
            Move = new MoveInFlight(row.Shard, row.From, row.To, row.Kind, nowMs),
            BytesLeft = isReplica ? traits.SizeBytes : 0,
            WriteRate = isReplica ? opsPerSecond * (1 - traits.ReadShare) * ShardTraits.BytesPerOp : 0,
            StagesLeftSeconds = isReplica ? ReplicaStagesSeconds : LeaderTransferSeconds,
        });
        ReplicaMoves += isReplica ? 1 : 0;
        LeaderTransfers += isReplica ? 0 : 1;
        if (isReplica)
        {
            Count(row.From, row.To, 1);
        }

        var since = nowMs - (long)(policy.Limits.CooldownSeconds * 1000);
        Reversals += _finished.Any(old => old.Succeeded && old.Shard == row.Shard && old.From == row.To
            && old.To == row.From && old.EndedMs > since) ? 1 : 0;
    }

    /// <summary>Lets a tick pass for all that runs.</summary>
    public void Advance(long fromMs, double seconds)
    {
        Array.Clear(Cores);
        foreach (var transfer in _running)
        {
            if (transfer.EndMs is null)
            {
                Advance(transfer, fromMs, seconds);
            }
        }
    }

    /// <summary>Carries out what ends until then.</summary>
    public void Settle(SimulatedPlacement placement, long untilMs)
    {
        foreach (var transfer in _running)
        {
            if (transfer.EndMs is { } endMs && endMs <= untilMs)
            {
                End(transfer, endMs, placement.TryApply(transfer.Move));
            }
        }

        _running.RemoveAll(transfer => transfer.EndMs <= untilMs);
        var forgetMs = untilMs - (long)(1000 * policy.Limits.ReversalCooldowns
            * Math.Max(policy.Limits.CooldownSeconds, policy.Limits.LeaderCooldownSeconds));
        _finished.RemoveAll(move => move.EndedMs < forgetMs);
    }

    /// <summary>Nothing goes to or comes from a node that is gone.</summary>
    public void Abort(int node, long nowMs)
    {
        var gone = new NodeId(node + 1);
        foreach (var transfer in _running.Where(transfer => Touches(transfer, gone)))
        {
            End(transfer, nowMs, succeeded: false);
        }

        _running.RemoveAll(transfer => Touches(transfer, gone));
    }

    private static bool Touches(Transfer transfer, NodeId node) =>
        transfer.Move.From == node || transfer.Move.To == node;

    private void Advance(Transfer transfer, long fromMs, double seconds)
    {
        var sending = 0.0;
        if (transfer.BytesLeft > 0)
        {
            var (from, to) = (transfer.Move.From.Value - 1, transfer.Move.To.Value - 1);
            var share = design.LinkBytesPerSecond / Math.Max(_transfersOf[from], _transfersOf[to]);
            var rate = Math.Min(policy.Limits.BytesPerSecondMax, share);
            var headway = Math.Max(rate - transfer.WriteRate, HeadwayMin * rate);
            sending = Math.Min(seconds, transfer.BytesLeft / headway);
            transfer.BytesLeft = sending < seconds ? 0 : transfer.BytesLeft - (headway * seconds);
            BytesMoved += rate * sending;
            var cores = rate * CoresPerByte * sending / seconds;
            Cores[from] += cores;
            Cores[to] += cores;
        }

        var rest = seconds - sending;
        if (transfer.BytesLeft > 0 || rest < transfer.StagesLeftSeconds)
        {
            transfer.StagesLeftSeconds -= transfer.BytesLeft > 0 ? 0 : rest;
            return;
        }

        transfer.EndMs = fromMs + (long)(1000 * (sending + transfer.StagesLeftSeconds));
    }

    private void End(Transfer transfer, long endMs, bool succeeded)
    {
        var move = transfer.Move;
        _finished.Add(new FinishedMove(move.Shard, move.From, move.To, move.Kind, endMs) { Succeeded = succeeded });
        Failed += succeeded ? 0 : 1;
        if (move.Kind == MoveKind.ReplicaMove)
        {
            Count(move.From, move.To, -1);
        }
    }

    private void Count(NodeId from, NodeId to, int by)
    {
        _transfersOf[from.Value - 1] += by;
        _transfersOf[to.Value - 1] += by;
    }

    private sealed class Transfer
    {
        public required MoveInFlight Move { get; init; }
        public required double BytesLeft { get; set; }
        public required double WriteRate { get; init; }
        public required double StagesLeftSeconds { get; set; }

        /// <summary>Null while it runs.</summary>
        public long? EndMs { get; set; }
    }
}
