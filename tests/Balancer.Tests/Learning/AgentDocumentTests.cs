using System.Text;
using System.Text.Json.Nodes;
using ShardStore.Balancer.Learning;
using Xunit;

namespace ShardStore.Balancer.Tests.Learning;

public class AgentDocumentTests
{
    private static readonly LearnedAgent s_agent =
        MadeAgent.Of(("early", MadeAgent.Sure(-0.1, 0.2, 0)), ("frugal", MadeAgent.Sure(0, 0, -0.3)))
            .With(1, "uncertainty", 0.25);

    [Fact]
    public void What_was_written_is_read_as_it_was()
    {
        var json = AgentDocument.Write(s_agent);
        Assert.Equal(json, AgentDocument.Write(AgentDocument.Parse(json)));
    }

    [Fact]
    public void The_shipped_agent_is_whole_and_knows_arms_of_this_build()
    {
        var agent = AgentDocument.Shipped;
        Assert.All(agent.Arms, name => Assert.Contains(KnobArm.All, arm => arm.Name == name));
        Assert.NotEmpty(agent.Training);
    }

    [Fact]
    public void Bytes_that_hash_to_something_else_are_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(AgentDocument.Write(s_agent));
        var digest = AgentDocument.Digest(bytes) + "  agent.json\n";
        Assert.Equal(s_agent.Arms, AgentDocument.Read(bytes, digest).Arms);
        bytes[^3] ^= 1;
        var error = Assert.Throws<AgentException>(() => AgentDocument.Read(bytes, digest));
        Assert.Contains("SHA-256", error.Message);
        Assert.Contains(digest[..64], error.Message);
    }

    [Theory]
    [InlineData("format", "2", "$.format: 2 is not known to this build; 1 is")]
    [InlineData("figures", "[]", "$.figures: are ; this build has level, spread")]
    [InlineData("means", "[1]", "$.means: has 1 numbers; 16 are needed")]
    [InlineData("means", "null", "$.means")]
    [InlineData("ownCost", "[[1]]", "$.ownCost: has 1 rows; 3 are needed")]
    [InlineData("arms", "[]", "$.arms: two or more are needed, 'own' first")]
    [InlineData("extra", "1", "$.extra")]
    public void A_document_that_does_not_fit_is_refused_by_the_path_of_the_field(
        string field, string value, string expected)
    {
        var document = Document();
        document[field] = JsonNode.Parse(value);
        Assert.Contains(expected, Refusal(document));
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_refused_in_memory_and_on_disk()
    {
        var poisoned = MadeAgent.Of(("early", MadeAgent.Sure(0, double.NaN, 0)));
        Assert.Contains("$.arms[1].members[0][1][0]: NaN is not allowed",
            Assert.Throws<AgentException>(() => AgentDocument.Write(poisoned)).Message);
        var json = AgentDocument.Write(s_agent);
        foreach (var word in (string[])["NaN", "1e999", "\"NaN\""])
        {
            var changed = json.Replace("-0.3", word, StringComparison.Ordinal);
            Assert.Throws<AgentException>(() => AgentDocument.Parse(changed));
        }
    }

    [Fact]
    public void An_arm_that_this_build_does_not_have_is_refused_by_name()
    {
        var document = Document();
        document["arms"]![1]!["name"] = "reckless";
        Assert.Contains("$.arms[1].name: 'reckless' is not known; own, early", Refusal(document));
    }

    [Fact]
    public void An_arm_without_members_and_a_deviation_of_nought_are_refused()
    {
        var document = Document();
        document["arms"]![2]!["members"] = new JsonArray();
        Assert.Contains("$.arms[2].members: 0 are not allowed; 2 to 64 are", Refusal(document));
        document = Document();
        document["deviations"]![3] = 0;
        Assert.Contains("$.deviations[3]: 0 is not allowed; above 0 is", Refusal(document));
    }

    private static JsonObject Document() => (JsonObject)JsonNode.Parse(AgentDocument.Write(s_agent))!;

    private static string Refusal(JsonNode document) =>
        Assert.Throws<AgentException>(() => AgentDocument.Parse(document.ToJsonString())).Message;
}
