using System.Text;

namespace ShardStore.Resp.Tests;

public sealed class HashSlotTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("123456789", 12739)]
    [InlineData("foo", 12182)]
    [InlineData("bar", 5061)]
    [InlineData("user1000", 3443)]
    [InlineData("{user1000}.following", 3443)]
    [InlineData("{user1000}.followers", 3443)]
    public void Slots_are_those_of_the_cluster_specification(string key, int slot) =>
        Assert.Equal(slot, HashSlot.Of(Encoding.UTF8.GetBytes(key)));

    [Theory]
    [InlineData("foo{}{bar}", "foo{}{bar}")]
    [InlineData("foo{{bar}}zap", "{bar")]
    [InlineData("foo{bar}{zap}", "bar")]
    [InlineData("foo}bar{", "foo}bar{")]
    public void Only_the_first_tag_that_is_not_empty_counts(string key, string tag) =>
        Assert.Equal(tag, Encoding.UTF8.GetString(HashSlot.TagOf(Encoding.UTF8.GetBytes(key))));
}
