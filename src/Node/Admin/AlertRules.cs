using System.Globalization;
using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using ShardStore.Node.Routing;

namespace ShardStore.Node.Admin;

/// <summary>What is wrong now. Those of the forecast exist on the controller's node alone. A time of 0 means "since it
/// was first seen".</summary>
internal static class AlertRules
{
    private const double FsyncMsP99Max = 500;
    private const long MigrationStageSecondsMax = 300;
    private const string Warning = "warning";
    private const string Error = "error";

    public static IEnumerable<AlertView> Of(ClusterReading reading, ControllerRound? round)
    {
        if (reading.View.LeaderNode == 0)
            yield return New("noController", Error, "the meta group has no leader: nothing can be changed or moved");
        foreach (var node in reading.View.Nodes)
        {
            foreach (var alert in OfNode(reading, node))
                yield return alert;
        }
        foreach (var alert in reading.View.Nodes.Select(node => OfDisk(reading, node)).OfType<AlertView>())
            yield return alert;
        foreach (var alert in reading.View.Nodes.Select(node => OfDamage(reading, node)).OfType<AlertView>())
            yield return alert;
        foreach (var shard in reading.View.Map.Shards)
        {
            if (OfShard(reading, shard) is { } alert)
                yield return alert;
        }
        foreach (var migration in reading.View.Active)
        {
            if (OfMigration(reading, migration) is { } alert)
                yield return alert;
        }
        foreach (var alert in BalancingAlerts.Of(reading, round))
            yield return alert;
        foreach (var alert in round is null ? [] : OfForecast(reading, round))
            yield return alert;
    }

    private static IEnumerable<AlertView> OfNode(ClusterReading reading, NodeRecord node)
    {
        if (reading.IsDown(node.Number))
        {
            var silentMs = reading.SilentMs(node.Number);
            yield return New("nodeDown", Error, $"{node.Name} has not been heard for {silentMs / 1000} s") with
            {
                Node = node.Name,
                SinceUnixMs = reading.UnixMs - silentMs,
                Value = silentMs / 1000.0,
                Limit = SnapshotBuilder.DownAfterMs / 1000.0,
            };
        }
        else if (reading.Known(node.Number)?.Utilization is { } used && used.FsyncMicrosP99 / 1000.0 > FsyncMsP99Max)
        {
            var text = $"{node.Name}: of 100 log syncs one takes {Number(used.FsyncMicrosP99 / 1000.0)} ms or more";
            yield return New("fsyncSlow", Warning, text) with
            {
                Node = node.Name,
                Value = used.FsyncMicrosP99 / 1000.0,
                Limit = FsyncMsP99Max,
            };
        }
    }

    private static AlertView? OfDisk(ClusterReading reading, NodeRecord node)
    {
        if (reading.Known(node.Number)?.Utilization is not { IsDiskLow: true } used)
            return null;
        return New("diskFull", Error,
            $"{node.Name}: the disk is {Words.Percent(used.DiskShare)} full; writes are refused until there is room")
            with
        {
            Node = node.Name,
            Value = used.DiskShare,
        };
    }

    private static AlertView? OfDamage(ClusterReading reading, NodeRecord node)
    {
        if (reading.Known(node.Number)?.Utilization is not { IsDamaged: true })
            return null;
        return New("damage", Error, $"{node.Name}: something on its disk is damaged and not repaired yet; what it is "
            + "stands in the events of kind damage") with
        {
            Node = node.Name,
        };
    }

    private static AlertView? OfShard(ClusterReading reading, ShardEntry shard)
    {
        if (shard.LeaderNode == 0 || reading.IsDown(shard.LeaderNode))
            return New("shardWithoutLeader", Error, $"shard {shard.Id} has no leader that can be reached") with
            {
                Shard = shard.Id,
            };
        var voters = shard.Replicas.Count(replica => replica.IsVoter);
        var alive = shard.Replicas.Count(replica => replica.IsVoter && !reading.IsDown(replica.Node));
        if (alive > voters / 2)
            return null;
        return New("shardWithoutMajority", Error, $"shard {shard.Id}: {alive} of {voters} copies can be reached") with
        {
            Shard = shard.Id,
            Value = alive,
            Limit = (voters / 2) + 1,
        };
    }

    private static AlertView? OfMigration(ClusterReading reading, MigrationRecord migration)
    {
        var seconds = (reading.UnixMs - migration.StageSinceMs) / 1000;
        if (seconds <= MigrationStageSecondsMax)
            return null;
        return New("migrationStuck", Warning,
            $"migration {migration.Id} of shard {migration.Shard} has been {migration.Stage} for {seconds} s") with
        {
            Shard = migration.Shard,
            SinceUnixMs = migration.StageSinceMs,
            Value = seconds,
            Limit = MigrationStageSecondsMax,
        };
    }

    private static IEnumerable<AlertView> OfForecast(ClusterReading reading, ControllerRound round)
    {
        foreach (var outlook in round.Decision.Outlooks)
        {
            if (OfOutlook(reading, outlook) is { } alert)
                yield return alert;
        }
        foreach (var advice in round.Decision.Advice)
        {
            var kind = Words.Camel(advice.Kind.ToString());
            yield return New(kind, Warning, advice.Text) with
            {
                Node = reading.NameOf(advice.Node.Value),
                Shard = advice.Shard?.Value,
                Value = advice.ExcessOpsPerSecond,
            };
        }
        if (round.Forecasts.ModelProblem is { } problem)
            yield return New("forecastModel", Warning, $"the forecast model takes no part: {problem}");
    }

    private static AlertView? OfOutlook(ClusterReading reading, OverloadOutlook outlook)
    {
        var node = reading.NameOf(outlook.Node.Value);
        var isOver = outlook.CurrentFraction > outlook.Threshold;
        if (!isOver && outlook.BreachMsP90 is null)
            return null;
        var limit = Words.Percent(outlook.Threshold);
        var text = isOver
            ? $"{node} uses {Words.Percent(outlook.CurrentFraction)} of its CPU, over {limit}"
            : $"{node} is expected to pass {limit} of its CPU, with a peak of {Words.Percent(outlook.PeakFraction)}";
        return New(isOver ? "overload" : "overloadForecast", isOver ? Error : Warning, text) with
        {
            Node = node,
            Value = isOver ? outlook.CurrentFraction : outlook.PeakFraction,
            Limit = outlook.Threshold,
        };
    }

    private static AlertView New(string kind, string severity, string text) =>
        new() { Kind = kind, Severity = severity, Text = text, SinceUnixMs = 0 };

    private static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
