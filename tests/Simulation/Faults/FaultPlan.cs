using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Faults;

/// <summary>What goes wrong and when, drawn from the seed. Each fault ends by itself, or when all are healed.
/// </summary>
public sealed class FaultPlan
{
    private static readonly string[] RareOperations =
    [
        "create", "delete", "preallocation", "sync of a directory", "write of a blob", "delete of a blob",
    ];

    private readonly SimulatedCluster _cluster;
    private readonly SimulatedWorld _world;
    private readonly PlayBook _plays;
    private readonly (string Name, Action Strike)[] _kinds;
    private readonly long _everyMicros;
    private bool _healed;

    public FaultPlan(SimulatedCluster cluster, PlayBook plays)
    {
        _cluster = cluster;
        _world = cluster.World;
        _plays = plays;
        (string, Action)[] all =
        [
            ("crash", CrashOne), ("crash", CrashOne), ("all crash", CrashAll), ("partition", Partition),
            ("partition", Partition), ("one way", BlockOneWay), ("broken connection", BreakOne), ("clog", Clog),
            ("pause", PauseOne), ("pause", PauseOne), ("slow disk", SlowDisk), ("failed sync", FailSync),
            ("wall clock jump", JumpWall), ("stalls", Stall), ("cut in a disk operation", CutDisk),
            ("cut in a disk operation", CutDisk), ("planned stop", StopOne),
            ("late answers", DelayAnswers), ("late answers", DelayAnswers),
            ("edge of a lease", plays.LeaseEdge.Strike), ("edge of a lease", plays.LeaseEdge.Strike),
            ("flipped bits", FlipBits), ("flipped bits", FlipBits), ("unreadable file", MakeUnreadable),
            ("damaged record", DamageRecord), ("full disk", FillDisk),
            ("figure 8", plays.OldTerm.Strike), ("cut at an answer", plays.AnswerCut.Strike),
            ("slow leader", plays.SlowLeader.Strike),
        ];
        // Swarm: each run has only some kinds, so that one kind does not hide what another could show.
        _kinds = [.. all.Where(_ => _world.Chance(0.6))];
        _everyMicros = _world.Between(200_000, 2_000_000);
        cluster.WallClocksJump = _kinds.Any(kind => kind.Name == "wall clock jump");
        cluster.Network.Loss = Share("fault: lossy network", 0.1);
        cluster.Network.Duplication = Share("fault: duplicating network", 0.05);
        cluster.ReplyLoss = Share("fault: replies get lost", 0.25);
    }

    public void Start()
    {
        if (_kinds.Length > 0)
            _world.Events.After(_world.Between(0, 2 * _everyMicros), Strike);
    }

    /// <summary>None of it ever happens; a death that is planned in a disk stays.</summary>
    public void BeCalm()
    {
        _healed = true;
        _plays.End();
        _cluster.Network.Heal();
        _cluster.ReplyLoss = 0;
    }

    public void Heal()
    {
        BeCalm();
        LeaveDamageOnOne();
        foreach (var node in _cluster.Nodes)
        {
            node.SlowDiskMicros = 0;
            node.Clock.StallChance = 0;
            node.Disk.FailsSyncs = false;
            node.Disk.CutAfter(0);
            node.Disk.CutAt = null;
            node.Start();
        }
    }

    /// <summary>Puts all disks right but that of one running node, where a few bits more flip: nothing dies any more,
    /// so the node must find by itself what is damaged, and get rid of it. One node only: a shard of which every copy
    /// is damaged cannot be repaired.</summary>
    private void LeaveDamageOnOne()
    {
        var alive = _cluster.Alive.ToArray();
        var kept = alive.Length == 0 ? null : alive[_world.Random.Next(alive.Length)];
        foreach (var node in _cluster.Nodes.Where(node => node != kept))
            PutRight(node);
        if (kept is null)
            return;
        kept.Disk.Damage.IsFull = false;
        for (var flips = _world.Random.Next(1, 4); flips > 0; flips--)
            kept.Disk.TryFlip();
        _world.Note($"node {kept.Number} is left with what is damaged on its disk");
    }

    // A disk is put right under a node that is down; and where all copies were found damaged, none could be repaired.
    private static void PutRight(SimulatedNode node)
    {
        if (node.IsAlive && node.Core!.Host.Damage.StoresNow > 0)
            node.Crash(losesPower: false, "its disk is put right");
        node.Disk.Repair();
    }

    private double Share(string fault, double most)
    {
        if (!_world.Chance(0.5))
            return 0;
        _world.Counters.Count(fault);
        return _world.Random.NextDouble() * most;
    }

    private void Strike()
    {
        if (_healed)
            return;
        var (name, strike) = _kinds[_world.Random.Next(_kinds.Length)];
        _world.Counters.Count($"fault: {name}");
        strike();
        _world.Events.After(_world.Between(_everyMicros / 4, 2 * _everyMicros), Strike);
    }

    private SimulatedNode AnyNode() => _cluster.Node(_cluster.RandomNode());

    private void CrashOne() => Crash(AnyNode(), _world.Chance(0.5));

    private void CrashAll()
    {
        var losesPower = _world.Chance(0.5);
        foreach (var node in _cluster.Nodes)
            Crash(node, losesPower);
    }

    private void Crash(SimulatedNode node, bool losesPower)
    {
        node.Crash(losesPower, "killed");
        _world.Events.After(_world.Between(20_000, 4_000_000), node.Start);
    }

    private void Partition()
    {
        var side = _cluster.Nodes.Where(_ => _world.Chance(0.4)).Select(node => node.Number).ToHashSet();
        _world.Note($"partition: {string.Join(',', side.Order())} cut off");
        var length = _world.Between(100_000, 4_000_000);
        foreach (var one in _cluster.Nodes)
        {
            foreach (var other in _cluster.Nodes)
            {
                if (side.Contains(one.Number) != side.Contains(other.Number))
                    Block(one.Number, other.Number, length);
            }
        }
    }

    private void BlockOneWay()
    {
        var node = AnyNode().Number;
        var hears = _world.Chance(0.5);
        _world.Note($"node {node} can only {(hears ? "hear" : "speak")}");
        var length = _world.Between(100_000, 4_000_000);
        foreach (var other in _cluster.Nodes.Where(other => other.Number != node))
            Block(hears ? node : other.Number, hears ? other.Number : node, length);
    }

    private void Block(int from, int to, long micros)
    {
        _cluster.Network.Block(from, to);
        _world.Events.After(micros, () => _cluster.Network.Unblock(from, to));
    }

    private void BreakOne() => _cluster.Network.BreakAll(AnyNode().Number);

    private void Clog()
    {
        var (from, to) = (AnyNode().Number, AnyNode().Number);
        _cluster.Network.Clog(from, to, _world.Between(1_000, 800_000));
        _world.Events.After(_world.Between(100_000, 3_000_000), () => _cluster.Network.Clog(from, to, 0));
    }

    private void PauseOne()
    {
        var node = AnyNode();
        var length = _world.Between(20_000, 3_000_000);
        _world.Note($"node {node.Number} is stopped for {length / 1000} ms");
        node.Pause(length);
    }

    private void SlowDisk()
    {
        var node = AnyNode();
        node.SlowDiskMicros = _world.Between(5_000, 800_000);
        _world.Note($"node {node.Number}: each sync takes {node.SlowDiskMicros / 1000} ms");
        _world.Events.After(_world.Between(200_000, 4_000_000), () => node.SlowDiskMicros = 0);
    }

    private void FailSync()
    {
        var node = AnyNode();
        node.Disk.FailsSyncs = node.IsAlive;
        _world.Events.After(_world.Between(200_000, 3_000_000), node.Start);
    }

    private void FlipBits()
    {
        var node = AnyNode();
        var flips = _world.Random.Next(1, 4);
        for (var i = 0; i < flips; i++)
            OnDamage(node, node.Disk.TryFlip(), "damage: bits flipped");
    }

    private void MakeUnreadable()
    {
        var node = AnyNode();
        OnDamage(node, node.Disk.TryMakeUnreadable(), "damage: files made unreadable");
    }

    // What lies damaged is found by who reads it: at a start all is read, and while it runs the node does by itself.
    private void OnDamage(SimulatedNode node, bool isDone, string what)
    {
        if (!isDone)
            return;
        _world.Counters.Count(what);
        _world.Note($"node {node.Number}: {what}");
        if (_world.Chance(0.4))
            _world.Events.After(_world.Between(1_000, 1_000_000), () => CrashUnlessHealed(node));
    }

    private void CrashUnlessHealed(SimulatedNode node)
    {
        if (!_healed)
            Crash(node, _world.Chance(0.5));
    }

    // The next write meets it, unless a crash comes first. One store at a time: of three copies one must be whole.
    private void DamageRecord()
    {
        var isAny = _cluster.Alive.Any(node => node.Stores!.IsArmed || node.Core!.Host.Damage.StoresNow > 0);
        if (!isAny && AnyNode() is { IsAlive: true } node)
            node.Stores!.IsArmed = true;
    }

    private void FillDisk()
    {
        var disk = AnyNode().Disk;
        disk.Damage.IsFull = true;
        _world.Events.After(_world.Between(300_000, 3_000_000), () => disk.Damage.IsFull = false);
    }

    // A node hears late what others said, and soon is not heard any more: it believes to lead when it no longer does.
    private void DelayAnswers()
    {
        var node = AnyNode();
        var late = _world.Between(50_000, 1_500_000);
        var length = _world.Between(500_000, 3_000_000);
        _world.Note($"node {node.Number} hears {late / 1000} ms late, then is not heard");
        foreach (var other in _cluster.Nodes.Where(other => other != node))
        {
            _cluster.Network.Clog(other.Number, node.Number, late);
            _world.Events.After(length, () => _cluster.Network.Clog(other.Number, node.Number, 0));
            _world.Events.After(late, () =>
            {
                if (!_healed)
                    Block(node.Number, other.Number, length);
            });
        }
    }

    private void CutDisk()
    {
        var disk = AnyNode().Disk;
        disk.Moment = (CutMoment)_world.Random.Next(3);
        if (_world.Chance(0.6))
            disk.CutAfter((int)_world.Between(1, 80));
        else
            disk.CutAt = RareOperations[_world.Random.Next(RareOperations.Length)];
    }

    // As on SIGTERM: leaderships are handed over, then the process ends.
    private void StopOne()
    {
        var node = AnyNode();
        node.OnLoop(core => core.HandOverLeaderships());
        node.Later(_world.Between(1_000, 300_000), () =>
        {
            if (!_healed)
                Crash(node, losesPower: false);
        });
    }

    private void JumpWall() => AnyNode().Clock.WallSkewMs += _world.Random.Next(-60_000, 60_000);

    private void Stall()
    {
        var node = AnyNode();
        node.Clock.StallChance = 0.002;
        _world.Events.After(_world.Between(200_000, 3_000_000), () => node.Clock.StallChance = 0);
    }
}
