using System.Text.Json.Nodes;
using Xunit;

namespace ShardStore.Balancer.Tests;

public class PolicyPresetTests
{
    [Fact]
    public void A_preset_fills_what_the_document_leaves_out()
    {
        var policy = PolicyDocument.Parse("""{"format":1,"preset":"cost","triggers":{"threshold":0.9}}""");
        Assert.Equal(
            (0.9, 0.8, 25.0), (policy.Triggers.Threshold, policy.Triggers.ActQuantile, policy.Triggers.UrgencyMin));
        Assert.Equal((3.0, 1800.0), (policy.Weights.Cost, policy.Limits.CooldownSeconds));
        Assert.Equal("cost", policy.Preset);
    }

    [Fact]
    public void Every_preset_is_allowed_differs_from_the_defaults_and_is_read_back_the_same()
    {
        Assert.Equal(["cost", "performance", "availability"], PolicyPresets.Names);
        foreach (var name in PolicyPresets.Names)
        {
            var policy = PolicyPresets.Of(name);
            PolicyChecks.Check(policy);
            Assert.NotEqual(policy with { Preset = null }, BalancingPolicy.Default);
            Assert.Empty(PolicyChange.Between(policy, PolicyDocument.Parse(PolicyDocument.Write(policy))));
            Assert.Empty(PolicyChange.Between(
                policy, PolicyDocument.Parse($$"""{"format":1,"preset":"{{name}}"}""")));
        }
    }

    [Theory]
    [InlineData("\"fast\"", "policy $.preset: 'fast' is not known; cost, performance, availability or none is")]
    [InlineData("7", "policy $.preset: must be one of cost, performance, availability")]
    [InlineData("{}", "policy $.preset: must be one of cost, performance, availability")]
    public void Another_preset_is_refused(string preset, string message)
    {
        var refused = Assert.Throws<PolicyException>(
            () => PolicyDocument.Parse($$"""{"format":1,"preset":{{preset}}}"""));
        Assert.Equal(message, refused.Message);
    }

    [Theory]
    [InlineData("\"advise\"", ExecutionMode.Advise)]
    [InlineData("\"approve\"", ExecutionMode.Approve)]
    [InlineData("\"automatic\"", ExecutionMode.Automatic)]
    public void A_document_says_who_decides_and_a_preset_does_not(string word, ExecutionMode mode)
    {
        foreach (var name in PolicyPresets.Names)
        {
            Assert.Equal(ExecutionMode.Automatic, PolicyPresets.Of(name).Execution);
            var policy = PolicyDocument.Parse($$"""{"format":1,"preset":"{{name}}","execution":{{word}}}""");
            Assert.Equal(mode, policy.Execution);
            Assert.Equal(mode, PolicyDocument.Parse(PolicyDocument.Write(policy)).Execution);
        }
        var schema = JsonNode.Parse(PolicySchema.Write())!;
        Assert.Equal(
            ["advise", "approve", "automatic"],
            schema["properties"]!["execution"]!["enum"]!.AsArray().Select(known => (string?)known));
    }

    [Theory]
    [InlineData("\"sometimes\"", "policy $.execution: has a value of the wrong type")]
    [InlineData("7", "policy $.execution: 7 is not allowed; advise, approve or automatic is")]
    [InlineData("null", "policy $.execution: has a value of the wrong type")]
    public void Another_execution_is_refused(string word, string message)
    {
        var refused = Assert.Throws<PolicyException>(
            () => PolicyDocument.Parse($$"""{"format":1,"execution":{{word}}}"""));
        Assert.Equal(message, refused.Message);
    }

    [Fact]
    public void Changes_are_told_by_path_with_both_values()
    {
        var from = PolicyDocument.Parse("""{"format":1,"pinnedShards":[1,2]}""");
        var to = PolicyDocument.Parse(
            """{"format":1,"mode":"reactive","limits":{"cooldownSeconds":60},"pinnedShards":[1,3,4]}""");
        Assert.Equal(
            [
                new PolicyChange("$.mode", "\"predictive\"", "\"reactive\""),
                new PolicyChange("$.limits.cooldownSeconds", "600", "60"),
                new PolicyChange("$.pinnedShards[1]", "2", "3"),
                new PolicyChange("$.pinnedShards[2]", "absent", "4"),
            ],
            PolicyChange.Between(from, to));
        Assert.Equal("absent", PolicyChange.Between(to, from)[^1].To);
    }

    [Fact]
    public void The_version_is_no_change_and_a_default_that_is_spelt_out_is_none()
        => Assert.Empty(PolicyChange.Between(
            BalancingPolicy.Default with { Version = 7 },
            PolicyDocument.Parse("""{"format":1,"triggers":{"threshold":0.8}}""")));

    [Fact]
    public void The_schema_names_every_field_with_its_range_and_closes_every_object()
    {
        var schema = JsonNode.Parse(PolicySchema.Write())!;
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string?)schema["$schema"]);
        Assert.False((bool)schema["additionalProperties"]!);
        Assert.False((bool)schema["properties"]!["limits"]!["additionalProperties"]!);
        Assert.Equal(["format"], schema["required"]!.AsArray().Select(name => (string?)name));
        foreach (var range in PolicyChecks.Numbers)
        {
            var node = range.Path.Split('.').Skip(1).Aggregate(schema, (at, name) => at["properties"]![name]!);
            Assert.Equal((range.Min, range.Max), ((double)node["minimum"]!, (double)node["maximum"]!));
        }

        var fields = PolicyDocument.ToNode(BalancingPolicy.Default).Select(field => field.Key);
        Assert.Empty(fields.Except(schema["properties"]!.AsObject().Select(field => field.Key)));
        Assert.Contains("reactive", schema["properties"]!["mode"]!["enum"]!.AsArray().Select(word => (string?)word));
    }
}
