using ShardStore.Balancer;
using ShardStore.Node.Replication;
using ShardStore.Simulation.Checks;
using ShardStore.Simulation.Clients;
using ShardStore.Simulation.Faults;
using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation;

/// <summary>One run: clients and faults for a while (safety), then no more faults, and everything must come to rest
/// with all that was acknowledged readable (liveness). Checked all the time and at the end.</summary>
public sealed class Simulator
{
    private const long LivenessMicrosMax = 60_000_000;
    private const long LookMicros = 100_000;
    private const int Clients = 5;
    private readonly SimulatedWorld _world;
    private readonly long _safetyMicros;
    private readonly bool _withFaults;
    private readonly SimulatedCluster _cluster;
    private readonly History _history = new();
    private readonly OperationDraw _draw;
    private readonly FaultPlan _faults;
    private readonly MovePlan _moves;
    private readonly KeyProbe _probe;
    private readonly PlayBook _plays;
    private readonly List<SimulatedClient> _clients;

    private Simulator(SimulatedWorld world, RunPlan plan)
    {
        _world = world;
        _safetyMicros = plan.SafetyMicros;
        _withFaults = plan.WithFaults;
        _cluster = new SimulatedCluster(world, ClusterShape.Draw(world.Random));
        _draw = new OperationDraw(world, registers: 6, counters: 3);
        _clients = [.. Enumerable.Range(1, Clients)
            .Select(number => new SimulatedClient(_cluster, _history, _draw, number))];
        _moves = new MovePlan(_cluster);
        _probe = new KeyProbe(_cluster, _draw, NewProbe(Clients + 2), NewProbe(Clients + 3));
        _plays = new PlayBook(_cluster, _probe);
        _faults = new FaultPlan(_cluster, _plays);
        if (!plan.WithFaults)
            _faults.BeCalm();
        var checker = new StateChecker(_cluster) { Rivals = _probe.OnRivals };
        foreach (var node in _cluster.Nodes)
        {
            Watch(node.Number, node.Disk, plan);
            node.Started = started => OnStarted(started, checker);
            node.Turned = turned =>
            {
                checker.Look(turned);
                _plays.OnTurn(turned);
            };
            node.Start();
        }
        if (plan.WithFaults)
            _faults.Start();
        _moves.Start();
    }

    public static RunResult Run(int seed) => Run(new RunPlan(seed));

    public static RunResult Run(RunPlan plan)
    {
        var world = new SimulatedWorld(plan.Seed) { Echo = plan.Echo };
        string? failure = null;
        try
        {
            new Simulator(world, plan).Run();
        }
        catch (ViolationException violation)
        {
            failure = violation.Message;
        }
        catch (Exception unexpected)
        {
            // A bug all the same: its seed is told like that of any other, and the seeds behind it are run.
            failure = unexpected.ToString();
        }
        return new RunResult(
            plan.Seed, failure, world.Trace.Value, world.Counters, world.NowMicros / 1e6, [.. world.LastLines]);
    }

    private static void Watch(int node, SimulatedDisk disk, RunPlan plan)
    {
        if (plan.OnDiskOperation is { } listener)
            disk.OnOperation = (number, operation) => listener(node, number, operation);
        if (plan.Cut is not { } cut || cut.Node != node)
            return;
        disk.Moment = cut.Moment;
        disk.CutAfter(cut.Operation);
    }

    private SimulatedClient NewProbe(int number)
    {
        var probe = new SimulatedClient(_cluster, _history, _draw, number) { Stopping = true };
        _clients.Add(probe);
        return probe;
    }

    private void OnStarted(SimulatedNode node, StateChecker checker)
    {
        checker.Watch(node);
        node.Core!.Host.RaftEvents += (group, raftEvent) =>
        {
            _world.Trace.Add(raftEvent.Name);
            _plays.OnEvent(node, group, raftEvent);
            if (raftEvent.Name == "restored-checkpoint")
                _world.Counters.Count("snapshots installed");
        };
        node.Core.Scrub.FoundDamage += what => OnScrub(node, "damage: found while running", what);
        node.Core.Scrub.RepairedDamage += what => OnScrub(node, "damage: repaired while running", what);
        node.Core.Host.Damage.Repaired += (group, _, isEqual) => OnReplaced(node, group, isEqual);
    }

    private void OnReplaced(SimulatedNode node, ReplicaGroup group, bool? isEqual)
    {
        _world.Counters.Count(isEqual is null
            ? "damage: stores replaced" : "damage: stores replaced and brought up to date from the own log");
        if (isEqual == false)
            SimulatedWorld.Fail($"node {node.Number}: the copy for group {group.Id} has another content");
    }

    private void OnScrub(SimulatedNode node, string count, string what)
    {
        _world.Counters.Count(count);
        _world.Note(what);
    }

    private void Run()
    {
        _world.Note($"{_cluster.Shape}");
        foreach (var client in _clients.Where(client => !client.Stopping))
            client.Start();
        _world.Events.RunUntil(_safetyMicros);
        _world.Note("all faults end");
        if (_withFaults)
            _faults.Heal();
        _moves.Stop();
        _probe.IsOver = true;
        foreach (var client in _clients)
            client.Stopping = true;
        ComeToRest();
        ReadEverything();
        CheckHistory();
        CountMoves();
    }

    private void ComeToRest()
    {
        var convergence = new Convergence(_cluster);
        string? missing = null;
        var deadline = _world.NowMicros + LivenessMicrosMax;
        while (_world.NowMicros < deadline)
        {
            _world.Events.RunUntil(_world.NowMicros + LookMicros);
            missing = _clients.All(client => client.IsIdle) ? convergence.Missing() : "clients wait for answers";
            if (missing is null)
                return;
        }
        SimulatedWorld.Fail($"not at rest {LivenessMicrosMax / 1_000_000} s after the last fault: {missing}");
    }

    private void ReadEverything()
    {
        var reader = new SimulatedClient(_cluster, _history, _draw, Clients + 1) { Stopping = true };
        foreach (var key in _draw.Keys)
        {
            var read = new Operation { Key = key, Kind = OperationKind.Get };
            reader.Do(read);
            _world.Events.RunUntil(_world.NowMicros + LivenessMicrosMax, () => reader.IsIdle);
            if (!read.IsKnown)
                SimulatedWorld.Fail($"key {key} cannot be read after all faults are over");
        }
    }

    private void CheckHistory()
    {
        foreach (var (key, operations) in _history.ByKey)
        {
            _world.Counters.Count("histories checked");
            var result = LinearizabilityChecker.Check(operations);
            if (result != CheckResult.Linearizable)
                SimulatedWorld.Fail($"key {key}: {result}\n{HistoryText.Of(operations)}");
        }
        _world.Counters.Count("operations in histories", _history.Count);
    }

    private void CountMoves()
    {
        foreach (var migration in _cluster.Nodes[0].Core!.Meta.State.Migrations.Values)
        {
            var kind = migration.Kind == MoveKind.ReplicaMove ? "replica moves" : "leader transfers";
            _world.Counters.Count($"{kind} {migration.Stage.ToString().ToLowerInvariant()}");
        }
        _world.Counters.Count("entries read from disk", _cluster.Nodes.Sum(node => node.Log!.Counters.DiskReads));
        _world.Counters.Count("log bytes moved", _cluster.Nodes.Sum(node => node.Log!.Counters.BytesCopied));
        _world.Counters.Count("sectors lost", _cluster.Nodes.Sum(node => node.Disk.SectorsLost));
        _world.Counters.Count("sectors torn", _cluster.Nodes.Sum(node => node.Disk.SectorsTorn));
        var replaced = _cluster.Nodes.Sum(node => node.Disk.Damage.Replaced);
        _world.Counters.Count("damage: replaced before it was read", replaced);
        _world.Counters.Count("damage: silent", 0);
        _world.Counters.Count("events", _world.Events.Executed);
    }
}
