using System.Text.Json;
using ShardStore.Balancer;
using ShardStore.Balancer.Learning;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using Xunit;

namespace ShardStore.Node.Tests.Admin;

public sealed class LearningTests : IAsyncLifetime
{
    private const int MinuteSeconds = 60;
    private readonly TestCluster _cluster = new();
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync(_cluster.SourceOf(1));

    public Task DisposeAsync() => _bench.DisposeAsync().AsTask();

    [Fact]
    public async Task Before_the_first_choice_the_agent_is_in_the_shadow_and_has_done_nothing()
    {
        var view = await ViewAsync();
        Assert.Equal("shadow", view.Mode);
        Assert.Equal(AgentDocument.ShippedDigest, view.AgentSha256);
        Assert.Empty(view.Choices);
        Assert.Null(view.CostRatio);
    }

    [Fact]
    public async Task In_the_shadow_choices_are_made_told_and_kept_but_the_policys_own_values_plan()
    {
        LiveThrough(minutes: 33);
        var view = await ViewAsync();
        Assert.Equal(2, view.Choices.Count);
        Assert.All(view.Choices, choice =>
        {
            Assert.Equal("ownInShadow", choice.InForce);
            Assert.StartsWith("The agent ", choice.Text);
        });
        Assert.Equal(BalancingPolicy.Default, _cluster.Round!.Snapshot.Policy);
        Assert.InRange(JsonSerializer.Serialize(_cluster.State.Learning).Length, 100, 32 << 10);
    }

    [Fact]
    public async Task Live_the_first_hour_belongs_to_the_policy_and_then_the_agent_has_its_way()
    {
        SetPolicy("live");
        LiveThrough(minutes: 95);
        var view = await ViewAsync();
        Assert.Equal("live", view.Mode);
        Assert.Equal("ownForComparison", view.Choices[0].InForce);
        Assert.Equal("agent", view.Choices[^1].InForce);
        Assert.True(view.AgentIntervals > 0);
        var arm = KnobArm.All.Single(arm => arm.Name == view.Choices[^1].Arm);
        var own = PolicyDocument.Parse(_cluster.State.Policy!.Json) with { Version = 1 };
        Assert.Equal(
            arm.Knobs.Apply(own) with { PinnedShards = [], QuietHours = [], Profiles = [] },
            _cluster.Round!.Snapshot.Policy with { PinnedShards = [], QuietHours = [], Profiles = [] });
    }

    [Fact]
    public async Task Switched_off_nobody_asks_the_agent()
    {
        SetPolicy("off");
        LiveThrough(minutes: 40);
        var view = await ViewAsync();
        Assert.Equal("off", view.Mode);
        Assert.Empty(view.Choices);
    }

    [Fact]
    public void The_next_controller_goes_on_with_what_was_learnt_unless_the_agent_is_another()
    {
        SetPolicy("live");
        LiveThrough(minutes: 95);
        var known = _cluster.State.Learning!;
        Assert.True(known.State.Guard.Intervals > 3);
        var policy = _cluster.Round!.Snapshot.Policy;
        Assert.Equal(known.State.Guard.Intervals, Successor(known).State.Guard.Intervals - 1);
        Assert.Equal(0, Successor(known with { Agent = "another" }).State.Guard.Intervals - 1);
        Assert.Equal(0, Successor(known with { Format = LearningRecord.FormatNow + 1 }).State.Guard.Intervals - 1);

        LearningRecord Successor(LearningRecord stored)
        {
            var next = new LearningInForce();
            next.Tune(policy, stored);
            var atMs = _cluster.WallMs;
            // The first interval has no context before it and is not counted; the second is.
            for (var minute = 0; minute <= 31; minute++)
                next.Observe(_cluster.Round!.Snapshot, atMs += MinuteSeconds * 1000);
            Assert.True(next.TryTake(atMs, out var command));
            Assert.False(next.TryTake(atMs, out _), "nothing is new");
            return command.Learning;
        }
    }

    private void SetPolicy(string learning) =>
        Assert.True(_cluster.Apply(new SetPolicy($$"""{"format":1,"learning":"{{learning}}"}""")).Ok);

    private void LiveThrough(int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            _cluster.Pass(MinuteSeconds, 0.3f, 1, 2, 3, 4);
            _cluster.Decide();
            _cluster.Act();
        }
    }

    private Task<LearningView> ViewAsync() => _bench.GetAsync("/api/v1/learning", AdminJson.Default.LearningView);
}
