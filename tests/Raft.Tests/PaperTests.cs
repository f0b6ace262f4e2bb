namespace ShardStore.Raft.Tests;

/// <summary>One test per rule of the paper's figure 2, on one replica (id 1) and hand-written peers.</summary>
public sealed class PaperTests
{
    [Fact]
    public void Append_of_an_older_term_is_refused_with_ours()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.Append(2, 5, (0, 0), 5));
        Message reply = Assert.Single(replica.Step(SoloReplica.Append(3, 4, (0, 0), 4)));
        Assert.True(reply is { Type: MessageType.AppendReply, Reject: true } && reply.Term.Value == 5);
        Assert.Equal(1UL, replica.Node.LastIndex.Value);
    }

    [Fact]
    public void Append_is_refused_when_the_entry_before_it_is_missing_or_of_another_term()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.Append(2, 1, (0, 0), 1, 1));
        Assert.True(Assert.Single(replica.Step(SoloReplica.Append(2, 2, (2, 5), 2))).Reject);
        Assert.True(Assert.Single(replica.Step(SoloReplica.Append(2, 2, (2, 2), 2))).Reject);
        Assert.False(Assert.Single(replica.Step(SoloReplica.Append(2, 2, (1, 2), 2))).Reject);
    }

    [Fact]
    public void Conflicting_entry_is_deleted_with_all_that_follow_it()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.Append(2, 1, (0, 0), 1, 1, 1));
        replica.Step(SoloReplica.Append(3, 2, (1, 1), 2));
        Assert.Equal([1UL, 2], replica.Disk.Log.Entries.Select(it => it.Term.Value));
    }

    [Fact]
    public void Late_append_does_not_delete_entries_that_match()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.Append(2, 1, (0, 0), 1, 1, 1));
        Message reply = Assert.Single(replica.Step(SoloReplica.Append(2, 1, (0, 0), 1)));
        Assert.Equal((1UL, 3UL), (reply.Index.Value, replica.Node.LastIndex.Value));
    }

    [Fact]
    public void Follower_commits_no_further_than_the_last_new_entry()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.Append(2, 1, (0, 0), 1, 1, 1));
        replica.Step(SoloReplica.Append(2, 2, (1, 1), 1) with { Commit = new LogIndex(9) });
        Assert.Equal((2UL, 2UL), (replica.Node.Commit.Value, replica.Node.AppliedIndex.Value));
    }

    [Fact]
    public void Vote_of_an_older_term_is_refused()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.From(2, MessageType.Vote, 3));
        Message reply = Assert.Single(replica.Step(SoloReplica.From(3, MessageType.Vote, 2)));
        Assert.True(reply.Reject && reply.Term.Value == 3);
    }

    [Fact]
    public void One_vote_a_term_to_the_first_who_asks_and_again_to_the_same()
    {
        var replica = new SoloReplica();
        Assert.False(Assert.Single(replica.Step(SoloReplica.From(2, MessageType.Vote, 1))).Reject);
        Assert.True(Assert.Single(replica.Step(SoloReplica.From(3, MessageType.Vote, 1))).Reject);
        Assert.False(Assert.Single(replica.Step(SoloReplica.From(2, MessageType.Vote, 1))).Reject);
    }

    [Fact]
    public void Vote_survives_a_restart()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.From(2, MessageType.Vote, 1));
        replica.Restart();
        replica.Pass(5000);
        Assert.True(Assert.Single(replica.Step(SoloReplica.From(3, MessageType.Vote, 1))).Reject);
    }

    [Fact]
    public void Vote_is_refused_to_a_candidate_with_an_older_log()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.Append(2, 2, (0, 0), 1, 2));
        replica.Pass(2000);
        Message vote = SoloReplica.From(3, MessageType.Vote, 3);
        Message shorter = vote with { Index = new LogIndex(1), LogTerm = new Term(2) };
        Message older = vote with { Index = new LogIndex(9), LogTerm = new Term(1) };
        Message same = vote with { Index = new LogIndex(2), LogTerm = new Term(2) };
        Assert.True(Assert.Single(replica.Step(shorter)).Reject);
        Assert.True(Assert.Single(replica.Step(older)).Reject);
        Assert.False(Assert.Single(replica.Step(same)).Reject);
    }

    [Fact]
    public void Later_term_in_any_message_makes_a_follower()
    {
        var replica = new SoloReplica();
        replica.Lead();
        replica.Step(SoloReplica.From(3, MessageType.HeartbeatReply, 9));
        Assert.Equal((RaftRole.Follower, 9UL), (replica.Node.Role, replica.Node.Term.Value));
    }

    [Fact]
    public void Follower_stands_when_it_hears_nothing_for_the_election_timeout()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.From(2, MessageType.Heartbeat, 1));
        replica.Tick(990);
        Assert.Equal(RaftRole.Follower, replica.Node.Role);
        replica.Tick(1010);
        Assert.Equal(RaftRole.PreCandidate, replica.Node.Role);
    }

    [Fact]
    public void Candidate_steps_aside_for_the_leader_of_its_term()
    {
        var replica = new SoloReplica();
        replica.Node.Campaign(replica.NowMicros);
        replica.Settle();
        replica.Step(SoloReplica.From(2, MessageType.PreVoteReply, 1));
        Assert.Equal((RaftRole.Candidate, 1UL), (replica.Node.Role, replica.Node.Term.Value));
        replica.Step(SoloReplica.From(3, MessageType.Heartbeat, 1));
        Assert.Equal((RaftRole.Follower, 3UL), (replica.Node.Role, replica.Node.Leader.Value));
    }

    [Fact]
    public void Candidate_stands_again_when_its_timeout_ends()
    {
        var replica = new SoloReplica();
        replica.Node.Campaign(replica.NowMicros);
        replica.Settle();
        replica.Step(SoloReplica.From(2, MessageType.PreVoteReply, 1));
        replica.Sent.Clear();
        replica.Tick(2001);
        Assert.Equal([MessageType.PreVote, MessageType.PreVote], replica.Sent.Select(it => it.Type));
    }

    [Fact]
    public void Leader_retries_further_back_until_a_follower_matches()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.Append(2, 1, (0, 0), 1, 1, 1));
        replica.Lead();
        Message refusal = SoloReplica.From(3, MessageType.AppendReply, replica.Node.Term.Value) with
        {
            Reject = true,
            Index = new LogIndex(3),
            RejectHint = new LogIndex(1),
            LogTerm = new Term(1),
        };
        Message retry = replica.Step(refusal).Find(it => it.To.Value == 3);
        Assert.Equal((1UL, 3), (retry.Index.Value, retry.Entries!.Length));
    }

    [Fact]
    public void Leader_commits_what_a_majority_holds_in_its_own_term_only()
    {
        var replica = new SoloReplica();
        replica.Step(SoloReplica.Append(2, 1, (0, 0), 1, 1));
        replica.Pass(3000);
        replica.Node.Campaign(replica.NowMicros);
        replica.Settle();
        replica.Step(SoloReplica.From(2, MessageType.PreVoteReply, 2));
        replica.Step(SoloReplica.From(2, MessageType.VoteReply, 2));
        replica.Step(SoloReplica.From(2, MessageType.AppendReply, 2) with { Index = new LogIndex(2) });
        Assert.Equal(0UL, replica.Node.Commit.Value);
        replica.Step(SoloReplica.From(2, MessageType.AppendReply, 2) with { Index = new LogIndex(3) });
        Assert.Equal(3UL, replica.Node.Commit.Value);
    }

    [Fact]
    public void Leader_beats_while_idle()
    {
        var replica = new SoloReplica();
        replica.Lead();
        replica.Sent.Clear();
        replica.Tick(100);
        Assert.Equal(2, replica.Sent.Count(it => it.Type == MessageType.Heartbeat));
    }
}
