using ShardStore.Node.Hosting;
using ShardStore.Node.Replication;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Transport;
using ShardStore.Simulation.World;
using ShardStore.Storage.Log;
using ShardStore.Storage.Memory;

namespace ShardStore.Simulation.Nodes;

/// <summary>A machine with a disk and clocks, on which the node's process lives, dies and starts again. The process
/// is the real one but for its threads, sockets and files.</summary>
public sealed class SimulatedNode
{
    private readonly SimulatedWorld _world;
    private readonly SimulatedNetwork _network;
    private readonly ClusterShape _shape;
    private readonly List<PendingRequest> _pending = [];
    private SimulatedCommitter? _committer;
    private DurableContent? _durable;
    private Mailbox? _mailbox;
    private int _life;
    private long _pausedUntilMicros;
    private long _turnAtMicros;
    private long _turnToken;

    public SimulatedNode(SimulatedWorld world, SimulatedNetwork network, ClusterShape shape, int number)
    {
        _world = world;
        _network = network;
        _shape = shape;
        Number = number;
        Disk = new SimulatedDisk(world.Random);
        // Two clocks differ by up to 9 %: what the lease allows for is 10.
        var share = world.Chance(0.4) ? world.Random.Next(2) : world.Random.NextDouble();
        var rate = 0.956 + (share * 0.086);
        Clock = new SimulatedClock(world, rate, world.Between(1_000_000, 1_000_000_000));
    }

    public int Number { get; }
    public SimulatedDisk Disk { get; }
    public SimulatedClock Clock { get; }

    /// <summary>The process; null while it is down.</summary>
    public NodeCore? Core { get; private set; }

    public AppendLog? Log { get; private set; }

    public FragileStores? Stores { get; private set; }

    public IPeerReceiver? Inbox { get; private set; }

    public bool IsAlive => Core is not null;

    /// <summary>Extra time a sync takes now. Unit: microseconds.</summary>
    public long SlowDiskMicros { get; set; }

    /// <summary>The inbox of another node, if its process runs.</summary>
    public Func<int, IPeerReceiver?> InboxOf { get; set; } = _ => null;

    public Action<SimulatedNode> Started { get; set; } = _ => { };

    /// <summary>In the turn in which a write was answered: its shard and key.</summary>
    public Action<int, string> Answered { get; set; } = (_, _) => { };

    /// <summary>After each turn of the host.</summary>
    public Action<SimulatedNode> Turned { get; set; } = _ => { };

    public void Start()
    {
        if (IsAlive || !Survives(StartOrFail) || !IsAlive)
            return;
        Started(this);
        Wake();
    }

    /// <summary>The process dies, and maybe the machine with it.</summary>
    public void Crash(bool losesPower, string why)
    {
        if (IsAlive)
            Die(losesPower, why);
    }

    /// <summary>Does a piece of the process's work. False when the process died in it, inside a disk operation: then it
    /// is started again after a while.</summary>
    public bool Survives(Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (Disk.IsCut && failure is not ViolationException)
        {
            _world.Note($"node {Number} is cut off: {failure.GetType().Name}");
        }
        if (!Disk.IsCut)
            return true;
        _world.Counters.Count($"died in a {Disk.CutIn}");
        if (Disk.CutIn is not ("write" or "sync"))
            _world.Counters.Count("died in a change of files or blobs");
        Die(Disk.Moment == CutMoment.Torn, $"inside a {Disk.CutIn}");
        _world.Events.After(_world.Between(20_000, 2_000_000), Start);
        return false;
    }

    private void Die(bool losesPower, string why)
    {
        _world.Note($"node {Number} crashes ({why}{(losesPower ? ", power lost" : "")})");
        _world.Counters.Count(losesPower ? "fault: power lost" : "fault: process killed");
        _committer?.TearCommit();
        _durable = _committer is { IsCommitting: false } committer ? committer.Durable : null;
        if (losesPower)
            Disk.LosePower();
        Disk.Mend();
        Core = null;
        Inbox = null;
        Clock.StallMicros = 0;
        _pausedUntilMicros = 0;
        _life++;
        _network.BreakAll(Number);
        foreach (var request in _pending)
            request.OnBroken();
        _pending.Clear();
        _mailbox?.Dispose();
    }

    /// <summary>The process ends by itself, with an error that names what is wrong with its disk. Somebody puts the
    /// disk right and starts it again.</summary>
    public void Refuse(Exception failure)
    {
        _world.Note($"node {Number} refuses its disk: {failure.Message}");
        _world.Counters.Count("damage: refused");
        _world.Counters.Count("damage: refused while running", IsAlive ? 1 : 0);
        Die(losesPower: false, "its disk is damaged");
        _world.Events.After(_world.Between(100_000, 3_000_000), () =>
        {
            Disk.Repair();
            Start();
        });
    }

    /// <summary>The process is stopped for a while: its clocks go on.</summary>
    public void Pause(long micros) => _pausedUntilMicros = Math.Max(_pausedUntilMicros, _world.NowMicros + micros);

    /// <summary>Runs something in this life of the process, later if it is stopped then, never if it is dead.
    /// </summary>
    public void Later(long delayMicros, Action action)
    {
        var life = _life;
        _world.Events.After(delayMicros, () =>
        {
            if (life != _life)
                return;
            if (_pausedUntilMicros > _world.NowMicros)
                Later(_pausedUntilMicros - _world.NowMicros, action);
            else
                action();
        });
    }

    /// <summary>Something was put into the mailbox.</summary>
    public void Wake() => ScheduleTurn(_world.Between(5, 80));

    public long SyncMicros() => _world.Between(80, 3_000) + SlowDiskMicros;

    /// <summary>Runs something on the node's loop.</summary>
    public void OnLoop(Action<NodeCore> action)
    {
        if (Core is not { } core)
            return;
        _mailbox!.Post(() => action(core));
        Wake();
    }

    public void Submit(PendingRequest pending)
    {
        _pending.Add(pending);
        pending.SubmitTo(this, Core!, _mailbox!);
        Wake();
    }

    public void OnAnswered(PendingRequest pending) => _pending.Remove(pending);

    private void StartOrFail()
    {
        try
        {
            StartProcess();
        }
        catch (Exception failure) when (IsRefusal(failure))
        {
            Refuse(failure);
        }
        catch (Exception failure) when (failure is not ViolationException && !Disk.IsCut)
        {
            throw new ViolationException($"node {Number} could not start: {failure}", failure);
        }
    }

    private void StartProcess()
    {
        _life++;
        _committer = null;
        Disk.Mend();
        _turnAtMicros = long.MaxValue;
        _world.Note($"node {Number} starts");
        var salt = (ulong)_world.Random.NextInt64(1, long.MaxValue);
        var log = Log = AppendLog.Open(Disk, "log", _shape.Log with { Salt = salt });
        if (_durable?.MissingIn(log) is { } missing)
        {
            _world.Counters.Count("damage: silent", Disk.Damage.IsPresent ? 1 : 0);
            SimulatedWorld.Fail($"node {Number} lost what was durable, and starts: {missing}");
        }
        var mailbox = _mailbox = new Mailbox();
        var inbox = new PeerInbox(mailbox, new ClusterTelemetry(), Clock);
        _committer = new SimulatedCommitter(_world, this, log);
        _committer.Durable.Note(log);
        var transport = new SimulatedTransport(_world, _network, this, _shape.Nodes) { Inbox = InboxOf };
        Stores = new FragileStores(new MemoryStoreEngine(Disk))
        {
            OnMet = () => _world.Counters.Count("damage: met by a write"),
        };
        var seams = new HostSeams(
            mailbox, Clock, transport, log, _committer, Stores, new SimulatedBackground(_world, this, mailbox));
        var seed = (ulong)_world.Random.NextInt64();
        Core = new NodeCore(_shape.OptionsOf(Number, seed), seams, Founding());
        inbox.Attach(Core);
        Inbox = inbox;
    }

    private NodeFounding Founding() => new()
    {
        ClusterId = ClusterShape.ClusterId,
        NodeCount = _shape.Nodes,
        Shards = _shape.Shards,
        Replicas = _shape.Replicas,
        Self = ClusterShape.RecordOf(Number),
        Pace = ClusterShape.Pace,
    };

    private bool IsRefusal(Exception failure) =>
        Disk.Damage.IsPresent && !Disk.IsCut && DiskDamage.Explains(failure);

    private void ScheduleTurn(long delayMicros)
    {
        var at = _world.NowMicros + delayMicros;
        if (at >= _turnAtMicros)
            return;
        _turnAtMicros = at;
        var token = ++_turnToken;
        Later(delayMicros, () =>
        {
            if (token == _turnToken)
                Turn();
        });
    }

    private void Turn()
    {
        _turnAtMicros = long.MaxValue;
        var core = Core!;
        if (!Survives(() => TurnOrFail(core)) || Core != core)
            return;
        Pause(Clock.StallMicros);
        Clock.StallMicros = 0;
        Turned(this);
        ScheduleTurn(Math.Max(1, Clock.Until(core.Host.NextTickMicros)));
    }

    private void TurnOrFail(NodeCore core)
    {
        try
        {
            core.Host.Turn();
        }
        catch (Exception failure) when (IsRefusal(failure))
        {
            Refuse(failure);
        }
        catch (Exception failure) when (failure is not ViolationException && !Disk.IsCut)
        {
            throw new ViolationException($"node {Number} could not go on: {failure}", failure);
        }
    }
}
