using Xunit;

namespace ShardStore.Balancer.Tests;

public class PolicyDocumentTests
{
    [Fact]
    public void A_field_left_out_keeps_its_default()
    {
        var policy = PolicyDocument.Parse("""
            { "format": 1, "version": 7, "mode": "reactive", // people comment
              "limits": { "cooldownSeconds": 900 }, "pinnedShards": [3],
              "quietHours": [ { "startMinute": 1320, "endMinute": 360 } ], }
            """);

        Assert.Equal((7L, BalancerMode.Reactive, 900.0), (policy.Version, policy.Mode, policy.Limits.CooldownSeconds));
        Assert.Equal(BalancingPolicy.Default.Limits.GapFractionMax, policy.Limits.GapFractionMax);
        Assert.Equal(BalancingPolicy.Default.Triggers, policy.Triggers);
        Assert.Equal(3, policy.PinnedShards.Single());
        Assert.True(policy.QuietHours[0].Holds(0) && policy.QuietHours[0].Holds(1320));
        Assert.False(policy.QuietHours[0].Holds(360));
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var policy = BalancingPolicy.Default with { Version = 3, Mode = BalancerMode.Off };

        var back = PolicyDocument.Parse(PolicyDocument.Write(policy));

        Assert.Equal(PolicyDocument.Write(policy), PolicyDocument.Write(back));
        Assert.Equal((3L, BalancerMode.Off), (back.Version, back.Mode));
        Assert.Contains("\"mode\": \"off\"", PolicyDocument.Write(policy));
    }

    [Theory]
    [InlineData("not json", "{", "$", "not valid JSON")]
    [InlineData("not an object", "[]", "$", "not a JSON object")]
    [InlineData("no format", "{}", "$.format", "missing")]
    [InlineData("newer format", """{"format":2}""", "$.format", "2 is not known")]
    [InlineData("unknown field", """{"format":1,"limits":{"coolDown":1}}""", "$.limits.coolDown", "not known")]
    [InlineData("out of range", """{"format":1,"triggers":{"threshold":1.5}}""", "$.triggers.threshold", "0.1 to 1")]
    [InlineData("wrong type", """{"format":1,"limits":{"rowsMax":"many"}}""", "$.limits.rowsMax", "wrong type")]
    [InlineData("null number", """{"format":1,"limits":{"rowsMax":null}}""", "$.limits.rowsMax", "wrong type")]
    [InlineData("not a section", """{"format":1,"limits":4}""", "$.limits", "must be an object")]
    [InlineData("unknown mode", """{"format":1,"mode":"eager"}""", "$.mode", "wrong type")]
    [InlineData("mode by number", """{"format":1,"mode":9}""", "$.mode", "")]
    [InlineData("bad shard", """{"format":1,"pinnedShards":[1,0]}""", "$.pinnedShards[1]", "no shard id")]
    [InlineData("null list", """{"format":1,"pinnedShards":null}""", "$.pinnedShards", "")]
    [InlineData(
        "bad minute", """{"format":1,"quietHours":[{"startMinute":0,"endMinute":1440}]}""", "$.quietHours[0]", "1439")]
    [InlineData(
        "trust below act", """{"format":1,"triggers":{"trustQuantile":0.6}}""", "$.triggers.trustQuantile", "actQ")]
    [InlineData("given twice", """{"format":1,"mode":"Off","mode":"Off"}""", "$", "")]
    public void A_bad_document_is_refused_with_the_path_of_the_field(
        string name, string json, string path, string part)
    {
        var error = Record.Exception(() => PolicyDocument.Parse(json));

        var refused = Assert.IsType<PolicyException>(error);
        Assert.True(refused.Path == path && refused.Message.Contains(part), $"{name}: {refused.Message}");
    }

    [Fact]
    public void Every_number_of_the_default_policy_is_inside_its_documented_range()
    {
        PolicyChecks.Check(BalancingPolicy.Default);
        var numbers = new[] { typeof(ObjectiveWeights), typeof(TriggerRules), typeof(MoveLimits) }
            .Sum(type => type.GetProperties().Count(property => property.CanWrite));
        Assert.Equal(numbers, PolicyChecks.Numbers.Count);
    }
}
