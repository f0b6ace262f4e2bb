namespace ShardStore.Raft.Tests;

/// <summary>Rules that others learned the hard way, on one replica (id 1) and hand-written peers.</summary>
public sealed class BeyondThePaperTests
{
    [Fact]
    public void Vote_is_not_even_read_while_a_leader_is_heard_unless_forced()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.From(2, MessageType.Heartbeat, 1));
        replica.Pass(990);
        Assert.Empty(replica.Step(SoloReplica.From(3, MessageType.Vote, 7)));
        Assert.Equal(1UL, replica.Node.Term.Value);
        Message forced = SoloReplica.From(3, MessageType.Vote, 7) with { Force = true };
        Assert.False(Assert.Single(replica.Step(forced)).Reject);
    }

    [Fact]
    public void Own_campaign_waits_for_the_promise_given_to_a_leader()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.From(2, MessageType.Heartbeat, 1));
        replica.Pass(990);
        replica.Node.Campaign(replica.NowMicros);
        Assert.Equal(RaftRole.Follower, replica.Node.Role);
    }

    [Fact]
    public void Late_campaign_now_is_ignored_after_a_later_heartbeat()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.From(2, MessageType.Heartbeat, 1) with { Context = 5 });
        Assert.Empty(replica.Step(SoloReplica.From(2, MessageType.TimeoutNow, 1) with { Context = 4 }));
        Assert.Empty(replica.Step(SoloReplica.From(3, MessageType.TimeoutNow, 1) with { Context = 9 }));
        List<Message> votes = replica.Step(SoloReplica.From(2, MessageType.TimeoutNow, 1) with { Context = 5 });
        Assert.True(votes.Count == 2 && votes.TrueForAll(it => it is { Type: MessageType.Vote, Force: true }));
    }

    [Fact]
    public void Restarted_replica_ignores_a_campaign_now_until_it_hears_the_leader()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.From(2, MessageType.Heartbeat, 1) with { Context = 5 });
        replica.Restart();
        Assert.Empty(replica.Step(SoloReplica.From(2, MessageType.TimeoutNow, 1) with { Context = 5 }));
    }

    [Fact]
    public void Grant_of_an_earlier_pre_vote_does_not_count_for_this_one()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.From(3, MessageType.Vote, 1));
        replica.Pass(5000);
        replica.Node.Campaign(replica.NowMicros);
        replica.Step(SoloReplica.From(2, MessageType.PreVoteReply, 1));
        Assert.Equal(RaftRole.PreCandidate, replica.Node.Role);
        replica.Step(SoloReplica.From(2, MessageType.PreVoteReply, 2));
        Assert.Equal(RaftRole.Candidate, replica.Node.Role);
    }

    [Fact]
    public void Acknowledgement_waits_for_the_term_even_when_the_entries_are_durable()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.Append(2, 1, (0, 0), 1));
        replica.Pass(2000);
        Message empty = SoloReplica.Append(3, 2, (1, 1)) with { To = new ReplicaId(1) };
        replica.Node.Step(empty, replica.NowMicros);
        Ready ready = replica.Node.TakeReady();
        Assert.Empty(ready.SendNow);
        Assert.Equal(2UL, ready.HardState!.Value.Term.Value);
        Assert.Equal(MessageType.AppendReply, Assert.Single(ready.SendAfterPersist).Type);
    }

    [Fact]
    public void Acknowledgement_that_an_earlier_ready_covers_is_held_until_that_is_durable()
    {
        var replica = new SoloReplica();
        Message append = SoloReplica.Append(2, 1, (0, 0), 1) with { To = new ReplicaId(1) };
        replica.Node.Step(append, replica.NowMicros);
        ulong first = replica.Node.TakeReady().Number;
        replica.Node.Step(append, replica.NowMicros);
        Ready second = replica.Node.TakeReady();
        Assert.False(second.MustPersist);
        Assert.True(second.SendNow.Count == 0 && second.SendAfterPersist.Count == 0);
        replica.Node.Persisted(first);
        Assert.Equal(MessageType.AppendReply, Assert.Single(replica.Node.TakeReady().SendNow).Type);
    }

    [Fact]
    public void Entry_that_was_replaced_and_came_back_is_not_vouched_for_by_its_first_ready()
    {
        var replica = new SoloReplica();
        void Take(Message message) => replica.Node.Step(message with { To = new ReplicaId(1) }, replica.NowMicros);
        Take(SoloReplica.Append(2, 2, (0, 0), 2));
        ulong first = replica.Node.TakeReady().Number;
        Take(SoloReplica.Append(3, 3, (0, 0), 3));
        ulong second = replica.Node.TakeReady().Number;
        Take(SoloReplica.Append(2, 4, (0, 0), 2) with { Commit = new LogIndex(1) });
        ulong third = replica.Node.TakeReady().Number;
        replica.Node.Persisted(first);
        replica.Node.Persisted(second);
        Assert.Empty(replica.Node.TakeReady().Committed);
        Assert.NotEqual(first, third);
    }

    [Fact]
    public void Late_read_index_answer_is_dropped()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.From(2, MessageType.Heartbeat, 1));
        replica.Node.ReadIndex(1, replica.NowMicros);
        ulong token = replica.Settle().Find(it => it.Type == MessageType.ReadIndex).Context;
        replica.Tick(1001);
        Assert.Equal([new ReadState(1, default, false)], replica.Disk.Reads);
        replica.Step(SoloReplica.From(2, MessageType.Heartbeat, 1));
        replica.Node.ReadIndex(1, replica.NowMicros);
        replica.Settle();
        replica.Step(SoloReplica.From(2, MessageType.ReadIndexReply, 1) with { Context = token });
        Assert.Single(replica.Disk.Reads);
    }

    [Fact]
    public void Lease_counts_from_the_send_time_and_not_from_the_answer()
    {
        var replica = new SoloReplica();
        replica.Lead();
        long sentAt = replica.NowMicros;
        replica.Pass(890);
        replica.Step(SoloReplica.From(2, MessageType.HeartbeatReply, 1) with { SentAt = sentAt });
        Assert.True(replica.Node.HoldsLease(replica.NowMicros));
        Assert.False(replica.Node.HoldsLease(replica.NowMicros + 10_000));
    }

    [Fact]
    public void Heartbeat_of_a_follower_beyond_its_log_stops_it()
    {
        var replica = new SoloReplica();
        Message heartbeat = SoloReplica.From(2, MessageType.Heartbeat, 1) with { Commit = new LogIndex(3) };
        Assert.Throws<RaftInvariantException>(() => replica.Step(heartbeat));
    }

    [Fact]
    public void Message_for_another_replica_is_dropped()
    {
        var replica = new SoloReplica();
        Message vote = SoloReplica.From(2, MessageType.Vote, 4) with { To = new ReplicaId(77) };
        replica.Node.Step(vote, replica.NowMicros);
        Assert.Equal(0UL, replica.Node.Term.Value);
    }
}
