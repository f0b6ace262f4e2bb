using Xunit;

namespace ShardStore.Balancer.Tests;

public class MigrationStepsTests
{
    private const long StartMs = 1_000_000;

    private static readonly MigrationPlan s_move = new()
    {
        Id = 1,
        Shard = new ShardId(5),
        From = new NodeId(1),
        To = new NodeId(4),
        Kind = MoveKind.ReplicaMove,
        CreatedMs = StartMs,
        PolicyVersion = 1,
        Timeouts = new StageTimeouts(),
    };

    private static readonly MigrationObservation s_switched = new()
    {
        IsTargetVoter = true,
        IsSourceMember = false,
        Leader = new NodeId(4),
        IsTargetAlive = true,
    };

    private static MigrationStage Next(MigrationStage stage, MigrationObservation seen, long afterMs = 1000) =>
        MigrationSteps.Next(s_move, new MigrationStatus(stage, StartMs), seen, StartMs + afterMs).Stage;

    [Fact]
    public void A_move_passes_all_its_stages_on_what_is_seen()
    {
        var seen = new MigrationObservation();
        Assert.Equal(MigrationStage.Seeding, Next(MigrationStage.Planned, seen));
        Assert.Equal(MigrationStage.Seeding, Next(MigrationStage.Seeding, seen));
        Assert.Equal(MigrationStage.CatchingUp, Next(MigrationStage.Seeding, seen with { IsSeeded = true }));
        Assert.Equal(MigrationStage.CatchingUp, Next(MigrationStage.CatchingUp, seen with { LagMs = 500 }));
        Assert.Equal(MigrationStage.ShiftingReads, Next(MigrationStage.CatchingUp, seen with { LagMs = 5 }));
        Assert.Equal(MigrationStage.ShiftingReads, Next(MigrationStage.ShiftingReads, seen with { ReadPercent = 50 }));
        Assert.Equal(MigrationStage.SwitchingOver, Next(MigrationStage.ShiftingReads, seen with { ReadPercent = 100 }));
        Assert.Equal(MigrationStage.Retiring, Next(MigrationStage.SwitchingOver, s_switched));
        Assert.Equal(MigrationStage.Done,
            Next(MigrationStage.Retiring, s_switched with { IsHashEqual = true, IsSourceDeleted = true }));
    }

    [Fact]
    public void A_leader_transfer_has_only_the_switch()
    {
        var transfer = s_move with { Kind = MoveKind.LeaderTransfer };
        var planned = MigrationStatus.Start(StartMs);
        var status = MigrationSteps.Next(transfer, planned, new MigrationObservation(), StartMs);
        Assert.Equal(MigrationStage.SwitchingOver, status.Stage);
        var led = new MigrationObservation { Leader = new NodeId(4) };
        status = MigrationSteps.Next(transfer, status, led, StartMs + 1);
        Assert.Equal(MigrationStage.Done, status.Stage);
    }

    [Theory]
    [InlineData(MigrationStage.Seeding)]
    [InlineData(MigrationStage.CatchingUp)]
    [InlineData(MigrationStage.ShiftingReads)]
    [InlineData(MigrationStage.SwitchingOver)]
    public void Until_the_switch_a_dead_target_a_cancel_or_a_time_out_rolls_back(MigrationStage stage)
    {
        Assert.Equal(MigrationStage.RollingBack, Next(stage, new MigrationObservation { IsTargetAlive = false }));
        Assert.Equal(MigrationStage.RollingBack, Next(stage, new MigrationObservation { IsCancelled = true }));
        Assert.Equal(MigrationStage.RollingBack, Next(stage, new MigrationObservation(), afterMs: 1_000_000));
    }

    [Fact]
    public void After_the_switch_nothing_turns_back()
    {
        var dead = s_switched with { IsTargetAlive = false, IsCancelled = true, Leader = NodeId.None };
        Assert.Equal(MigrationStage.SwitchingOver, Next(MigrationStage.SwitchingOver, dead, afterMs: 9_000_000));
        Assert.Equal(MigrationStage.Retiring, Next(MigrationStage.Retiring, dead, afterMs: 9_000_000));
        Assert.True(MigrationSteps.IsOverdue(s_move, new MigrationStatus(MigrationStage.Retiring, 0), 9_000_000));
    }

    [Fact]
    public void The_source_is_never_done_without_an_equal_hash()
    {
        var deleted = s_switched with { IsSourceDeleted = true };
        Assert.Equal(MigrationStage.Retiring, Next(MigrationStage.Retiring, deleted with { IsHashEqual = false }));
        Assert.Equal(MigrationStage.Retiring, Next(MigrationStage.Retiring, deleted with { IsHashEqual = null }));
    }

    [Fact]
    public void Slow_reads_at_the_target_turn_the_move_back_with_the_reason()
    {
        var status = MigrationSteps.Next(s_move, new MigrationStatus(MigrationStage.ShiftingReads, StartMs),
            new MigrationObservation { ReadPercent = 25, IsLatencyGood = false }, StartMs + 10);
        Assert.Equal(MigrationStage.RollingBack, status.Stage);
        Assert.Contains("too slow", status.Reason);
    }

    [Fact]
    public void A_target_left_behind_by_the_log_is_seeded_again() =>
        Assert.Equal(
            MigrationStage.Seeding, Next(MigrationStage.CatchingUp, new MigrationObservation { IsLogCut = true }));

    [Fact]
    public void From_every_stage_an_end_can_be_reached_and_ends_are_final()
    {
        foreach (var stage in Enum.GetValues<MigrationStage>())
        {
            var isEnd = stage is MigrationStage.Done or MigrationStage.Failed;
            var exits = Enum.GetValues<MigrationStage>().Where(next => MigrationStatus.IsLegal(stage, next)).ToList();
            Assert.Equal(isEnd, exits.Count == 0);
            Assert.DoesNotContain(stage, exits);
        }
        Assert.Throws<InvalidOperationException>(
            () => new MigrationStatus(MigrationStage.Retiring, 0).Enter(MigrationStage.RollingBack, 1));
    }

    [Fact]
    public void Random_observations_never_leave_the_table_and_always_end_once_the_work_is_seen()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var status = MigrationStatus.Start(StartMs);
            for (var step = 0; step < 200 && !status.IsEnded; step++)
            {
                // Enter throws on an illegal change, which fails the test with its seed.
                var seen = step > 150 ? s_switched with
                {
                    IsHashEqual = true,
                    IsSourceDeleted = true,
                    IsUndone = true,
                    IsSeeded = true,
                    LagMs = 0,
                    ReadPercent = 100
                } : Draw(random);
                status = MigrationSteps.Next(s_move, status, seen, StartMs + (step * 5000));
            }
            Assert.True(status.IsEnded, $"seed {seed} ended in {status.Stage}");
        }
    }

    private static MigrationObservation Draw(Random random) => new()
    {
        IsCancelled = random.Next(50) == 0,
        IsTargetAlive = random.Next(30) != 0,
        IsSeeded = random.Next(3) == 0,
        IsLogCut = random.Next(10) == 0,
        LagMs = random.Next(1000),
        ReadPercent = random.Next(101),
        IsLatencyGood = random.Next(20) != 0,
        IsTargetVoter = random.Next(2) == 0,
        IsSourceMember = random.Next(2) == 0,
        Leader = new NodeId(random.Next(5)),
        IsHashEqual = random.Next(3) == 0 ? null : random.Next(2) == 0,
        IsSourceDeleted = random.Next(2) == 0,
        IsUndone = random.Next(2) == 0,
    };
}
