namespace ShardStore.Raft.Tests;

public sealed class MembershipCodecTests
{
    private static readonly Configuration Joint = new()
    {
        Voters = [new(1), new(2)],
        VotersOutgoing = [new(2), new(3)],
        Learners = [new(ulong.MaxValue)],
        LearnersNext = [new(3)],
    };

    [Fact]
    public void Configuration_comes_back_as_it_was()
    {
        byte[] bytes = ConfigurationCodec.Encode(Joint);
        Assert.Null(ConfigurationCodec.TryDecode(bytes, out Configuration decoded));
        Assert.True(MembershipRules.Same(Joint, decoded));
        Assert.Equal(bytes, ConfigurationCodec.Encode(decoded));
    }

    [Fact]
    public void Change_comes_back_as_it_was()
    {
        MembershipChange change = MembershipChange.Replace(new ReplicaId(1), new ReplicaId(1UL << 63));
        byte[] bytes = MembershipChangeCodec.Encode(change);
        Assert.Null(MembershipChangeCodec.TryDecode(bytes, out MembershipChange decoded));
        Assert.True(change.Steps.AsSpan().SequenceEqual(decoded.Steps.AsSpan()));
    }

    [Fact]
    public void Cut_or_lengthened_bytes_are_refused_and_never_throw()
    {
        byte[] configuration = ConfigurationCodec.Encode(Joint);
        byte[] change = MembershipChangeCodec.Encode(MembershipChange.Remove(new ReplicaId(7)));
        for (int length = 0; length < configuration.Length; length++)
        {
            Assert.NotNull(ConfigurationCodec.TryDecode(configuration.AsSpan(0, length), out _));
        }

        for (int length = 0; length < change.Length; length++)
        {
            Assert.NotNull(MembershipChangeCodec.TryDecode(change.AsSpan(0, length), out _));
        }

        Assert.NotNull(ConfigurationCodec.TryDecode([.. configuration, 0], out _));
        Assert.NotNull(MembershipChangeCodec.TryDecode([.. change, 0], out _));
    }

    [Fact]
    public void Newer_version_is_refused_by_name()
    {
        byte[] bytes = ConfigurationCodec.Encode(Joint);
        bytes[1] = 2;
        Assert.Contains("version 2", ConfigurationCodec.TryDecode(bytes, out _));
        bytes = MembershipChangeCodec.Encode(MembershipChange.AddVoter(new ReplicaId(1)));
        bytes[1] = 9;
        Assert.Contains("version 9", MembershipChangeCodec.TryDecode(bytes, out _));
    }

    [Fact]
    public void Unsorted_repeated_or_overlapping_members_are_refused()
    {
        Configuration[] wrong =
        [
            new() { Voters = [new(2), new(1)] },
            new() { Voters = [new(1), new(1)] },
            new() { Voters = [new(0)] },
            new() { Voters = [new(1)], Learners = [new(1)] },
        ];
        foreach (Configuration configuration in wrong)
        {
            Assert.NotNull(ConfigurationCodec.TryDecode(ConfigurationCodec.Encode(configuration), out _));
        }
    }

    [Fact]
    public void Options_out_of_range_are_named_with_value_and_range()
    {
        var options = new RaftOptions { ElectionTimeoutMs = 150, HeartbeatMs = 100 };
        ArgumentOutOfRangeException fault = Assert.Throws<ArgumentOutOfRangeException>(options.Validate);
        Assert.Contains("ElectionTimeoutMs is 150; allowed is 200 to 600000", fault.Message);
        new RaftOptions().Validate();
    }
}
