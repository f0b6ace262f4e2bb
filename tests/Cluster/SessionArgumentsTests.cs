namespace ShardStore.Cluster.Tests;

/// <summary>How the program of faults, soaks and replays is called.</summary>
public sealed class SessionArgumentsTests
{
    [Fact]
    public void A_comparison_takes_its_own_options_and_has_usual_ones()
    {
        var usual = Parse("--compare", "--nodes", "5").ToCompare();
        Assert.Equal((5, 15, 5), (usual.Nodes, usual.ShardsWanted, usual.Rounds));
        Assert.Equal((60, 0.25), (usual.Seconds, usual.CapacityCores));
        var given = Parse(
            "--compare", "--nodes", "3", "--shards", "8", "--rounds", "2", "--seconds", "90", "--capacity-cores", "0.4",
            "--seed", "7", "--record");
        var asked = given.ToCompare();
        Assert.Equal((3, 8, 2), (asked.Nodes, asked.ShardsWanted, asked.Rounds));
        Assert.Equal((90, 0.4), (asked.Seconds, asked.CapacityCores));
        Assert.Equal((7, true), (asked.Seed, given.Record));
        Assert.Equal(12, Parse("--compare", "--nodes", "3").ToCompare().ShardsWanted);
    }

    [Theory]
    [InlineData("--capacity-cores", "0.01")]
    [InlineData("--capacity-cores", "many")]
    [InlineData("--rounds", "0")]
    [InlineData("--shards", "5")]
    [InlineData("--nodes", "6")]
    [InlineData("--trace", "/nowhere.csv")]
    [InlineData("--speed", "3")]
    public void What_is_not_allowed_is_refused_with_its_name_and_value(string name, string value)
    {
        Assert.False(SessionArguments.TryParse(["--compare", name, value], out _, out var problem));
        Assert.StartsWith($"{name} {value}: ", problem, StringComparison.Ordinal);
        Assert.Contains("--capacity-cores 0.1..4", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_do_is_refused()
    {
        Assert.False(SessionArguments.TryParse(["--rounds", "3"], out _, out var problem));
        Assert.Contains("--compare is given", problem, StringComparison.Ordinal);
    }

    private static SessionArguments Parse(params string[] words)
    {
        Assert.True(SessionArguments.TryParse(words, out var parsed, out var problem), problem);
        return parsed;
    }
}
