namespace ShardStore.Raft.Tests;

/// <summary>Quorum arithmetic against counting by hand, over every small case.</summary>
public sealed class QuorumTests
{
    private const int ValuesMax = 4;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    [InlineData(7, 4)]
    public void Majority_is_more_than_half(int voters, int majority) => Assert.Equal(majority, Quorum.Majority(voters));

    [Fact]
    public void Agreed_value_is_what_a_majority_has_reached()
    {
        for (int voters = 1; voters <= 5; voters++)
        {
            foreach (ulong[] values in AllValues(voters))
            {
                ulong expected = 0;
                for (ulong value = 0; value < ValuesMax; value++)
                {
                    bool isReached = values.Count(it => it >= value) * 2 > voters;
                    expected = isReached ? value : expected;
                }

                Assert.Equal(expected, Quorum.Agreed([.. values]));
            }
        }
    }

    [Fact]
    public void Joint_quorum_agrees_on_the_lesser_of_both()
    {
        foreach (ulong[] incoming in AllValues(3))
        {
            foreach (ulong[] outgoing in AllValues(2))
            {
                ulong expected = Math.Min(Quorum.Agreed([.. incoming]), Quorum.Agreed([.. outgoing]));
                Assert.Equal(expected, JointQuorum.Agreed([.. incoming], [.. outgoing]));
            }
        }
    }

    [Fact]
    public void Empty_set_agrees_to_everything() => Assert.Equal(3UL, JointQuorum.Agreed([3, 3, 1], []));

    [Fact]
    public void Vote_is_won_lost_or_open_as_the_remaining_answers_allow()
    {
        for (int voters = 1; voters <= 7; voters++)
        {
            for (int granted = 0; granted <= voters; granted++)
            {
                for (int refused = 0; granted + refused <= voters; refused++)
                {
                    bool isWon = granted * 2 > voters;
                    bool canStillWin = (voters - refused) * 2 > voters;
                    VoteOutcome expected = isWon ? VoteOutcome.Won
                        : canStillWin ? VoteOutcome.Open : VoteOutcome.Lost;
                    Assert.Equal(expected, Quorum.Outcome(voters, granted, refused));
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 0, 0, "Open")]
    [InlineData(2, 1, 0, "Open")]
    [InlineData(2, 2, 0, "Won")]
    [InlineData(2, 0, 2, "Lost")]
    [InlineData(0, 3, 0, "Open")]
    public void Joint_vote_needs_both_sets(int incomingYes, int outgoingYes, int outgoingNo, string expected)
    {
        VoteOutcome incoming = Quorum.Outcome(3, incomingYes, 0);
        VoteOutcome outgoing = Quorum.Outcome(3, outgoingYes, outgoingNo);
        Assert.Equal(expected, JointQuorum.Outcome(incoming, outgoing).ToString());
    }

    [Fact]
    public void Tally_counts_voters_once_and_others_never()
    {
        var configuration = new Configuration { Voters = [new(1), new(2), new(3)], Learners = [new(4)] };
        var tally = new VoteTally();
        tally.Record(new ReplicaId(1), true);
        tally.Record(new ReplicaId(1), true);
        tally.Record(new ReplicaId(4), true);
        tally.Record(new ReplicaId(9), true);
        Assert.Equal(VoteOutcome.Open, tally.Outcome(configuration));
        tally.Record(new ReplicaId(2), false);
        tally.Record(new ReplicaId(2), true);
        Assert.Equal(VoteOutcome.Open, tally.Outcome(configuration));
        tally.Record(new ReplicaId(3), true);
        Assert.Equal(VoteOutcome.Won, tally.Outcome(configuration));
    }

    private static IEnumerable<ulong[]> AllValues(int voters)
    {
        int cases = (int)Math.Pow(ValuesMax, voters);
        for (int at = 0; at < cases; at++)
        {
            int rest = at;
            var values = new ulong[voters];
            for (int voter = 0; voter < voters; voter++)
            {
                values[voter] = (ulong)(rest % ValuesMax);
                rest /= ValuesMax;
            }

            yield return values;
        }
    }
}
