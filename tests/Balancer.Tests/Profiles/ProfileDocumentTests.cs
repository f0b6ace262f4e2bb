using System.Text.Json.Nodes;
using Xunit;

namespace ShardStore.Balancer.Tests.Profiles;

public class ProfileDocumentTests
{
    private const string Full = """
        { "format": 1, "profiles": [
          { "shards": [7, 8], "growthPercentPerDay": 3, "timeZone": "Europe/Berlin",
            "windows": [ { "name": "morning", "days": ["mon", "tue"], "start": "09:00", "end": "11:00", "factor": 2 },
                         { "name": "night", "start": "22:00", "end": "02:00", "factor": 0.5 } ],
            "events": [ { "name": "sale", "start": "2026-11-27T18:00:00Z", "minutes": 180, "factor": 10 } ] },
          { "tag": "user1", "events": [ { "name": "sale", "start": "2026-11-27T18:00:00+01:00", "minutes": 60,
            "factor": 4 } ] } ] }
        """;

    [Fact]
    public void What_is_left_out_has_its_default_and_what_is_written_reads_back_the_same()
    {
        var policy = PolicyDocument.Parse(Full);

        var (first, second) = (policy.Profiles[0], policy.Profiles[1]);
        Assert.Equal<int>([7, 8], first.Shards);
        Assert.Equal((3.0, "Europe/Berlin"), (first.GrowthPercentPerDay, first.TimeZone));
        Assert.Equal<string>(["mon", "tue"], first.Windows[0].Days);
        Assert.Equal(7, first.Windows[1].Days.Length);
        Assert.Equal(("user1", "UTC"), (second.Tag, second.TimeZone));
        Assert.Null(second.GrowthPercentPerDay);
        Assert.Empty(second.Shards);
        Assert.Equal(PolicyDocument.Write(policy), PolicyDocument.Write(PolicyDocument.Parse(
            PolicyDocument.Write(policy))));
    }

    [Theory]
    [InlineData("", "shards", "[7,7]", "$.profiles[0].shards", "twice")]
    [InlineData("", "shards", "[]", "$.profiles[0]", "either shards or a tag")]
    [InlineData("", "shards", "[0]", "$.profiles[0].shards[0]", "1 is the first")]
    [InlineData("", "shards", "null", "$.profiles[0].shards", "")]
    [InlineData("", "tag", "\"user1\"", "$.profiles[0]", "either shards or a tag")]
    [InlineData("", "growthPercentPerDay", "101", "$.profiles[0].growthPercentPerDay", "-50 to 100")]
    [InlineData("", "growthPercentPerDay", "-51", "$.profiles[0].growthPercentPerDay", "-50 to 100")]
    [InlineData("", "growthPercentPerDay", "\"3\"", "$.profiles[0].growthPercentPerDay", "wrong type")]
    [InlineData("", "timeZone", "\"Europe/Atlantis\"", "$.profiles[0].timeZone", "Europe/Atlantis")]
    [InlineData("", "timeZone", "\"../zoneinfo/UTC\"", "$.profiles[0].timeZone", "no time zone")]
    [InlineData("", "timeZone", "\"Europe\"", "$.profiles[0].timeZone", "no time zone")]
    [InlineData("", "timeZone", "null", "$.profiles[0].timeZone", "no time zone")]
    [InlineData("", "colour", "1", "$.profiles[0].colour", "growthPercentPerDay")]
    [InlineData("", "windows", "{}", "$.profiles[0].windows", "must be a list")]
    [InlineData("", "windows", "[3]", "$.profiles[0].windows[0]", "must be an object")]
    [InlineData("windows", "name", "\"\"", "$.profiles[0].windows[0].name", "1 to 40")]
    [InlineData("windows", "name", "null", "$.profiles[0].windows[0].name", "1 to 40")]
    [InlineData("windows", "days", "[]", "$.profiles[0].windows[0].days", "names no day")]
    [InlineData("windows", "days", "[\"mon\",\"noon\"]", "$.profiles[0].windows[0].days[1]", "sun, mon")]
    [InlineData("windows", "start", "\"24:00\"", "$.profiles[0].windows[0].start", "00:00 to 23:59")]
    [InlineData("windows", "start", "null", "$.profiles[0].windows[0].start", "00:00 to 23:59")]
    [InlineData("windows", "end", "\"09:00\"", "$.profiles[0].windows[0].end", "is the start")]
    [InlineData("windows", "factor", "0", "$.profiles[0].windows[0].factor", "0.001 to 1000")]
    [InlineData("windows", "factor", "-2", "$.profiles[0].windows[0].factor", "0.001 to 1000")]
    [InlineData("windows", "factor", "1001", "$.profiles[0].windows[0].factor", "0.001 to 1000")]
    [InlineData("windows", "colour", "1", "$.profiles[0].windows[0].colour", "factor")]
    [InlineData("events", "factor", "1e300", "$.profiles[0].events[0].factor", "0.001 to 1000")]
    [InlineData("events", "minutes", "0", "$.profiles[0].events[0].minutes", "1 to 43200")]
    [InlineData("events", "minutes", "1.5", "$.profiles[0].events[0].minutes", "wrong type")]
    [InlineData("events", "start", "\"2026-02-30T18:00:00Z\"", "$.profiles[0].events[0].start", "2026-02-30")]
    [InlineData("events", "start", "\"2026-11-27\"", "$.profiles[0].events[0].start", "2026-11-27")]
    [InlineData("events", "start", "\"2026-11-27T18:00+25:00\"", "$.profiles[0].events[0].start", "+25:00")]
    [InlineData("events", "start", "\"9999-11-27T18:00Z\"", "$.profiles[0].events[0].start", "2199")]
    [InlineData("events", "start", "null", "$.profiles[0].events[0].start", "is not allowed")]
    public void A_bad_field_is_refused_with_its_path(string list, string field, string value, string path, string part)
    {
        var document = JsonNode.Parse(Full)!;
        var profile = document["profiles"]![0]!.AsObject();
        var target = list.Length == 0 ? profile : profile[list]![0]!.AsObject();
        target[field] = JsonNode.Parse(value);

        AssertRefused(document.ToJsonString(), path, part);
    }

    [Fact]
    public void A_profile_that_says_nothing_is_refused()
        => AssertRefused("""{"format":1,"profiles":[{"shards":[1]}]}""", "$.profiles[0]", "says nothing");

    // Written with ' for ", so that a case fits a line.
    [Theory]
    [InlineData("growth twice", "{'shards':[8,9],'growthPercentPerDay':3}", "growthPercentPerDay", "[0].growth")]
    [InlineData("windows at one time", "{'shards':[8],'timeZone':'Europe/Berlin','windows':["
        + "{'name':'noon','days':['tue'],'start':'10:59','end':'13:00','factor':3}]}", "windows[0]", "'morning'")]
    [InlineData("a night that reaches into the next day", "{'shards':[8],'timeZone':'Europe/Berlin','windows':["
        + "{'name':'early','days':['sat'],'start':'01:00','end':'03:00','factor':3}]}", "windows[0]", "'night'")]
    [InlineData("windows of two zones, in summer only", "{'shards':[8],'timeZone':'UTC','windows':["
        + "{'name':'utc','days':['mon'],'start':'07:00','end':'08:00','factor':3}]}", "windows[0]", "'morning'")]
    [InlineData("the same factor", "{'shards':[8],'timeZone':'Europe/Berlin','windows':["
        + "{'name':'morning','days':['mon'],'start':'09:00','end':'10:00','factor':2}]}", "windows[0]", "'morning'")]
    [InlineData("events at one time", "{'shards':[8],'events':["
        + "{'name':'party','start':'2026-11-27T20:59Z','minutes':1,'factor':3}]}", "events[0]", "'sale'")]
    [InlineData("one profile with itself", "{'shards':[9],'windows':["
        + "{'name':'a','start':'10:00','end':'12:00','factor':3},"
        + "{'name':'b','start':'11:00','end':'13:00','factor':3}]}", "windows[1]", "'a'")]
    [InlineData("one tag twice", "{'tag':'user1','events':["
        + "{'name':'party','start':'2026-11-27T17:30:00Z','minutes':1,'factor':3}]}", "events[0]", "'sale'")]
    public void Profiles_that_contradict_each_other_are_refused(string name, string added, string path, string part)
        => AssertRefused(With(added), "$.profiles[2]." + path, part, name);

    [Theory]
    [InlineData("another shard", "{'shards':[9],'growthPercentPerDay':3}")]
    [InlineData("the next window", "{'shards':[8],'timeZone':'Europe/Berlin','windows':["
        + "{'name':'noon','days':['tue'],'start':'11:00','end':'13:00','factor':3}]}")]
    [InlineData("the next window in another zone", "{'shards':[8],'timeZone':'UTC','windows':["
        + "{'name':'utc','days':['mon'],'start':'10:00','end':'11:00','factor':3}]}")]
    [InlineData("the next event", "{'shards':[8],'events':["
        + "{'name':'sale','start':'2026-11-27T21:00Z','minutes':1,'factor':3}]}")]
    [InlineData("an event in a window", "{'shards':[8],'events':["
        + "{'name':'talk','start':'2026-11-23T09:00Z','minutes':1,'factor':3}]}")]
    public void Profiles_that_only_touch_or_multiply_are_not(string name, string added)
    {
        var policy = PolicyDocument.Parse(With(added));
        Assert.True(policy.Profiles.Length == 3, name);
    }

    [Fact]
    public void A_document_may_not_ask_for_unbounded_work()
    {
        var profile = """{"shards":[1],"events":[{"name":"e","start":"2026-11-27T18:00Z","minutes":1,"factor":2}]}""";
        var many = string.Join(',', Enumerable.Repeat(profile, 300));

        AssertRefused($$"""{"format":1,"profiles":[{{many}}]}""", "$.profiles", "300 profiles");
    }

    private static string With(string added)
    {
        var document = JsonNode.Parse(Full)!;
        document["profiles"]!.AsArray().Add(JsonNode.Parse(added.Replace('\'', '"')));
        return document.ToJsonString();
    }

    private static void AssertRefused(string json, string path, string part, string name = "")
    {
        var refused = Assert.IsType<PolicyException>(Record.Exception(() => PolicyDocument.Parse(json)));
        Assert.True(refused.Path == path && refused.Message.Contains(part), $"{name}: {refused.Message}");
    }
}
