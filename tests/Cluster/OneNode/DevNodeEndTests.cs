using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.OneNode;

/// <summary>Ctrl-C at the terminal.</summary>
public sealed class DevNodeEndTests
{
    [Fact]
    public async Task Ctrl_C_ends_it_with_code_0_and_its_folder_is_gone()
    {
        var node = new DevNode();
        try
        {
            await node.InitializeAsync();
            using var client = await node.ConnectAsync();
            Assert.Equal("+OK", client.Call("SET a 1"));
            Assert.NotEmpty(Directory.GetDirectories(node.Temporary, "shardstore-dev-*"));
            node.Process.Interrupt();
            var ended = await node.Process.WaitAsync(TimeSpan.FromSeconds(30));
            ended.Checked();
            Assert.Empty(Directory.GetDirectories(node.Temporary, "shardstore-dev-*"));
            Assert.Equal("closed", client.Read());
        }
        finally
        {
            await node.DisposeAsync();
        }
    }
}
