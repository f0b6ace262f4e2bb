using ShardStore.Balancer;
using ShardStore.Node.Replication;

namespace ShardStore.Node.Placement;

/// <summary>Advances migrations on the meta leader, one observed step at a time. It keeps no state that matters: a
/// successor reads the stage from the meta group, asks the shard's leader how things stand, and goes on.</summary>
public sealed class MigrationRunner(ReplicaHost host, MetaGroup meta, ControlPlane control, MigrationPace pace)
{
    private readonly Dictionary<long, MigrationDriver> _running = [];

    /// <summary>A node's request p99 for the gate on reads; 0 = not known.</summary>
    public Func<int, double> LatencyMsP99 { get; set; } = _ => 0;

    public void Tick(long nowMicros)
    {
        if (!meta.IsLeader)
        {
            _running.Clear();
            return;
        }
        foreach (var migration in meta.State.ActiveMigrations.ToArray())
        {
            if (!_running.TryGetValue(migration.Id, out var steps))
                _running[migration.Id] = steps = New(migration.Id);
            steps.Tick(nowMicros);
        }
        foreach (var id in _running.Keys.ToArray())
        {
            if (!meta.State.Migrations.TryGetValue(id, out var migration) || migration.IsOver)
                _running.Remove(id);
        }
    }

    /// <summary>Gives a migration up: it rolls back unless the switch has begun.</summary>
    public void Cancel(long id, Action<MetaResult> done)
    {
        if (!meta.State.Migrations.TryGetValue(id, out var migration) || migration.IsOver)
            done(MetaResult.Refused($"migration {id} is not under way"));
        else if (migration.Kind == MoveKind.LeaderTransfer || migration.Stage >= MigrationStage.SwitchingOver)
            done(MetaResult.Refused($"migration {id} is {migration.Stage}: too late to cancel"));
        else
            meta.Propose(
                new AdvanceMigration(id, migration.Stage, MigrationStage.RollingBack, 0, 0, "cancelled"), done);
    }

    private MigrationDriver New(long id) => new(host, meta, control, pace, id) { LatencyMsP99 = LatencyMsP99 };
}
