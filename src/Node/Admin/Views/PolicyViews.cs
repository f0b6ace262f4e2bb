using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>Policies beside each other.</summary>
internal static class PolicyViews
{
    /// <summary>Newest first, since that is what people look for.</summary>
    public static IReadOnlyList<PolicyVersionView> Versions(
        IReadOnlyList<PolicyRecord> records, BalancingPolicy byDefault)
    {
        var views = new List<PolicyVersionView>();
        BalancingPolicy? before = records.Count > 0 && records[0].Version == 1 ? byDefault : null;
        foreach (var record in records)
        {
            var policy = PolicyDocument.Parse(record.Json);
            views.Add(new PolicyVersionView(
                record.Version, record.SetMs, Words.Camel(policy.Mode.ToString()), policy.Preset,
                before is null ? [] : Changes(before, policy)));
            before = policy;
        }
        views.Reverse();
        return views;
    }

    /// <summary>What the controller's last round would have proposed under another policy.</summary>
    public static PolicyCheckView Check(ClusterReading reading, ControllerRound round, BalancingPolicy proposed)
    {
        var current = round.Snapshot.Policy;
        var then = Planner.Decide(
            round.Snapshot with { Policy = proposed with { Version = current.Version + 1 } }, round.AtMs,
            (ulong)reading.View.Map.Epoch);
        var now = RecommendationViews.Rows(reading, round);
        var next = RecommendationViews.Rows(reading, round with { Decision = then });
        return new PolicyCheckView
        {
            Version = reading.View.Policy?.Version ?? 0,
            Changes = Changes(current, proposed),
            Gone = [.. now.ExceptBy(next.Select(Move), Move)],
            New = [.. next.ExceptBy(now.Select(Move), Move)],
        };
    }

    private static PolicyChangeView[] Changes(BalancingPolicy from, BalancingPolicy to) =>
        [.. PolicyChange.Between(from, to).Select(change => new PolicyChangeView(change.Path, change.From, change.To))];

    private static (int, string, string, string) Move(RecommendationView row) =>
        (row.Shard, row.Kind, row.From, row.To);
}
