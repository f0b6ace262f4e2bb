using ShardStore.Balancer.Capacity;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Capacity;

public class CapacityStudyTests(ITestOutputHelper output)
{
    private static readonly CapacityChange s_oneMore = new() { AddedNodes = 1 };

    [Fact]
    public void A_cluster_that_grows_is_told_by_when_each_node_needs_relief_and_what_one_more_would_do()
    {
        // 0.7 at the peak of today, 3 % more each day: over 0.8 after four days and more.
        var outcome = Study(PlannedCluster.Of(fill: 0.64, days: 14, growthPerDay: 0.03), s_oneMore);

        Assert.Equal(0.03, outcome.GrowthPerDay, 0.003);
        var over = outcome.Unmoved.NodeScores.Select(node => node.LastingBreachSeconds / 86_400).ToList();
        Assert.All(over, days => Assert.InRange(days!.Value, 3.5, 6));
        Assert.Equal((4, 5), (outcome.Now.Nodes, outcome.WhatIf.Nodes));
        Assert.True(outcome.Now.BreachSecondsPerDay > 1000);
        Assert.True(outcome.WhatIf.BreachSecondsPerDay < 0.5 * outcome.Now.BreachSecondsPerDay);
        Assert.True(outcome.WhatIf.Score.Moves > 0);
        Assert.Equal(5 * 7 * 24, outcome.WhatIf.Score.NodeHours, 1.0);
        Assert.NotNull(outcome.Now.FullMs);
        Assert.Null(outcome.WhatIf.FullMs);
        var said = CapacityAdvice.Of(outcome);
        Assert.Contains(said, line => line.Contains("of the last week again, growing by 3 % a day"));
        Assert.Contains(said, line => line.StartsWith("Node n2 needs relief by 2026-01-"));
        Assert.Contains("So would 1 other node, later.", said);
        Assert.Contains(said, line => line.StartsWith("The balancer does not keep every node below 80 %, with "));
        // At most 0.64 * 1.1 * 1.03^7 of four nodes: 0.87 of them, and 0.7 of five.
        Assert.Equal((1, 0), (outcome.Now.MissingNodes, outcome.WhatIf.MissingNodes));
        Assert.Contains(said, line => line.EndsWith("only capacity, by the end 1 more node of 1 core at least."));
        Assert.Contains(said, line => line.StartsWith("With one more node of 1 core: peak "));
    }

    [Fact]
    public void A_cluster_that_is_over_already_is_told_so_and_how_many_nodes_it_lacks()
    {
        var outcome = Study(PlannedCluster.Of(fill: 1.5, days: 2) with { Days = 1 }, s_oneMore);
        // 1.5 * 1.1 of four nodes are 6.6 cores; at 0.8 that takes nine of one core.
        Assert.Equal((5, 4), (outcome.Now.MissingNodes, outcome.WhatIf.MissingNodes));
        var said = CapacityAdvice.Of(outcome);
        Assert.Contains(said, line => line.StartsWith("Node n1 needs relief now: it is above 80 %"));
    }

    [Fact]
    public void A_cluster_with_room_is_told_who_comes_nearest()
    {
        var outcome = Study(PlannedCluster.Of(fill: 0.3, days: 3) with { Days = 2 }, s_oneMore);
        Assert.Equal((0, 0.0), (outcome.Now.Score.Moves, outcome.Now.BreachSecondsPerDay));
        var said = CapacityAdvice.Of(outcome);
        Assert.Contains(said, line => line.Contains("of the last day again, without growth"));
        Assert.Contains(said, line => line.StartsWith("No node would pass 80 % CPU for 5 minutes"));
        Assert.Contains(said, line => line.StartsWith("The balancer keeps every node below 80 %"));
    }

    [Fact]
    public void One_node_in_danger_among_others_that_have_room_is_relieved_by_moves()
    {
        var cluster = new TestCluster().AddNodes(4);
        var history = new Dictionary<ShardId, double[]>();
        for (var shard = 1; shard <= 12; shard++)
        {
            int[] replicas = shard <= 6 ? [1, 2, 3] : [2 + (shard % 3), 1, 2 + ((shard + 1) % 3)];
            cluster.AddShard(0.14, replicas);
            history[new ShardId(shard)] = PlannedCluster.Curve(0.14 / TestCluster.CoresPerOp, 8, 0);
        }
        var outcome = Study(PlannedCluster.Of(cluster.Snapshot(), history, 8 * 24) with { Days = 2 }, s_oneMore);
        Assert.Equal([true, false, false, false],
            outcome.Unmoved.NodeScores.Select(node => node.LastingBreachSeconds is not null));
        Assert.True(outcome.Now.Score.LeaderTransfers > 0);
        Assert.True(outcome.Now.BreachSecondsPerDay < 0.1 * outcome.Unmoved.BreachSecondsPerDay);
        Assert.Null(outcome.Now.FullMs);
        Assert.Single(CapacityAdvice.Of(outcome), line => line.Contains("needs relief now"));
    }

    [Fact]
    public void A_drained_node_ends_empty_its_load_on_the_others_and_it_says_after_how_long()
    {
        var input = PlannedCluster.Of(fill: 0.4, days: 7) with { Days = 2 };
        var outcome = Study(input, new CapacityChange { Drained = new NodeId(2) });
        Assert.True(outcome.WhatIf.NodeScores[1].ServiceSeconds < 86_400);
        Assert.True(outcome.WhatIf.Score.UtilizationMax > outcome.Now.Score.UtilizationMax);
        Assert.True(outcome.WhatIf.Score.NodeHours < outcome.Now.Score.NodeHours - 24);
        var said = CapacityAdvice.Of(outcome);
        Assert.Contains(said, line => line.StartsWith("With n2 drained: peak "));
        Assert.Contains(said, line => line.StartsWith("n2 is empty after "));
    }

    [Fact]
    public void Another_policy_is_judged_by_its_own_threshold_and_profiles()
    {
        var policy = BalancingPolicy.Default with
        {
            Mode = BalancerMode.Off,
            Triggers = BalancingPolicy.Default.Triggers with { Threshold = 0.5 },
        };
        var input = PlannedCluster.Of(fill: 0.5, days: 7) with { Days = 2 };
        var outcome = Study(input, new CapacityChange { Policy = policy });
        Assert.Equal((0.8, 0.5), (outcome.Now.Threshold, outcome.WhatIf.Threshold));
        Assert.Equal(0, outcome.Now.BreachSecondsPerDay);
        Assert.True(outcome.WhatIf.BreachSecondsPerDay > 10_000);
        Assert.Equal(0, outcome.WhatIf.Score.LeaderTransfers);
        Assert.Contains(CapacityAdvice.Of(outcome), line => line.StartsWith("With the other policy: "));
    }

    [Fact]
    public void Nodes_that_are_down_or_drained_stay_so_and_a_new_one_stands_where_the_fewest_are()
    {
        var input = PlannedCluster.Of(fill: 0.25, days: 7, nodes: 5) with { Days = 2 };
        var snapshot = input.Snapshot;
        snapshot = snapshot with
        {
            Nodes =
            [
                .. snapshot.Nodes.Select((node, i) => node with
                {
                    Zone = i < 3 ? "a" : "b",
                    State = i == 1 ? NodeState.Down : i == 4 ? NodeState.Draining : NodeState.Active,
                    IsLeaving = i == 4,
                }),
            ],
        };
        var outcome = Study(input with { Snapshot = snapshot }, s_oneMore);
        Assert.Equal(0, outcome.Now.NodeScores[1].ServiceSeconds);
        Assert.True(outcome.Now.Score.Moves > 0);
        Assert.Equal("new-1", outcome.WhatIf.Names[5]);
        var added = new CapacityCluster(snapshot).With(s_oneMore, BalancingPolicy.Default, 1);
        Assert.Equal("b", added.Design.Zones[5]);
    }

    [Fact]
    public void The_same_question_has_the_same_answer()
    {
        var input = PlannedCluster.Of(fill: 0.7, days: 7) with { Days = 1 };
        Assert.Equal(
            CapacityAdvice.Of(Study(input, s_oneMore)), CapacityAdvice.Of(Study(input with { }, s_oneMore)));
    }

    [Fact]
    public void Every_round_is_counted_and_a_study_can_be_stopped()
    {
        var study = new CapacityStudy(PlannedCluster.Of(fill: 0.3, days: 2) with { Days = 1 }, s_oneMore);
        var rounds = 0;
        study.Run(() => rounds++);
        Assert.Equal(study.Rounds, rounds);
        Assert.Throws<OperationCanceledException>(() => study.Run(() => throw new OperationCanceledException()));
    }

    [Theory]
    [InlineData(23, 0, 1, "no history yet: 23 steps of 3600 s are known, and 24 are needed")]
    [InlineData(24, 15, 1, "15 days are not allowed; 1 to 14 are")]
    [InlineData(24, 7, 65, "65 more nodes are not allowed; 1 to 64 are")]
    [InlineData(24, 7, -2, "node 9 is not a node of the cluster")]
    [InlineData(24, 7, -1, "2 nodes would be left for 3 copies of each shard; at least 3 are needed")]
    public void A_question_without_an_answer_is_refused_with_what_is_allowed(
        int steps, int days, int added, string expected)
    {
        var input = PlannedCluster.Of(fill: 0.3, days: 1, nodes: 3);
        var change = added switch
        {
            -2 => new CapacityChange { Drained = new NodeId(9) },
            -1 => new CapacityChange { Drained = new NodeId(1) },
            _ => new CapacityChange { AddedNodes = added },
        };
        var asked = input with { HistorySteps = steps, Days = days == 0 ? 7 : days };
        var error = Assert.Throws<CapacityException>(() => new CapacityStudy(asked, change));
        Assert.StartsWith(expected, error.Message);
    }

    private CapacityOutcome Study(CapacityInput input, CapacityChange change)
    {
        var outcome = new CapacityStudy(input, change).Run(() => { });
        foreach (var line in CapacityAdvice.Of(outcome))
            output.WriteLine(line);
        return outcome;
    }
}
