namespace ShardStore.Raft.Tests;

/// <summary>With a leader gone, two voters that stand at the same time split the vote, and clients wait for another
/// whole timeout. Groups that are given turns have their voters stand one after the other.</summary>
public sealed class ElectionTurnTests
{
    private const int TimeoutMs = 1000;
    private static readonly Configuration Three = new()
    {
        Voters = [new ReplicaId(1), new ReplicaId(2), new ReplicaId(3)],
    };

    [Fact]
    public void Survivors_of_a_leader_never_stand_together()
    {
        for (ulong group = 0; group < 300; group++)
        {
            int first = StandsAfterMs(1, group);
            int second = StandsAfterMs(2, group);
            Assert.InRange(first, TimeoutMs, (2 * TimeoutMs) - 1);
            Assert.InRange(second, TimeoutMs, (2 * TimeoutMs) - 1);
            Assert.True(Math.Abs(first - second) >= 150, $"group {group}: after {first} ms and {second} ms");
        }
    }

    [Fact]
    public void Turns_differ_between_groups_so_that_a_leaders_groups_spread_over_its_survivors()
    {
        int toFirst = Enumerable.Range(0, 300).Count(group =>
            StandsAfterMs(1, (ulong)group) < StandsAfterMs(2, (ulong)group));
        Assert.InRange(toFirst, 90, 210);
    }

    [Fact]
    public void A_leader_whose_node_is_gone_is_replaced_after_the_promise_and_not_before()
    {
        const int promiseMs = 400;
        for (ulong group = 0; group < 300; group++)
        {
            int first = StandsAfterMs(1, group, promiseMs);
            int second = StandsAfterMs(2, group, promiseMs);
            Assert.InRange(first, promiseMs, TimeoutMs - 1);
            Assert.InRange(second, promiseMs, TimeoutMs - 1);
            Assert.True(Math.Abs(first - second) >= 20, $"group {group}: after {first} ms and {second} ms");
        }
    }

    /// <summary>Time from the last word of leader 3 to the moment when a replica stands. With a promise: it is told at
    /// once and all the time that the leader's node is gone.</summary>
    private static int StandsAfterMs(ulong self, ulong group, int promiseMs = 0)
    {
        var start = new RaftStart { Self = new ReplicaId(self), Configuration = Three, ElectionTurn = group };
        long now = 10_000_000;
        var options = new RaftOptions { ElectionTimeoutMs = TimeoutMs, PromiseMs = promiseMs };
        var node = new RaftNode(options, start, new MemoryLog(), (group * 7) + self, now);
        node.Step(
            new Message
            {
                Type = MessageType.Heartbeat,
                From = new ReplicaId(3),
                To = start.Self,
                Term = new Term(4),
            },
            now);
        for (int ms = 0; ms < 10 * TimeoutMs; ms++)
        {
            if (promiseMs > 0)
            {
                node.SuspectLeader(now + (ms * 1000L));
            }

            node.Tick(now + (ms * 1000L));
            if (node.Role != RaftRole.Follower)
            {
                return ms;
            }
        }

        throw new InvalidOperationException($"replica {self} of group {group} never stood");
    }
}
