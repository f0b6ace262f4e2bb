using System.CommandLine;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli;

/// <summary>`node`: one node of a cluster.</summary>
internal static class NodeVerb
{
    public static Command Build(IHosts hosts, Func<string, string?> environment)
    {
        var verb = new Command("node",
            "Run one node. Every option can also be given as SHARDSTORE_NAME in the environment, and in a file.");
        var config = new Option<string>("--config")
        {
            Description = "JSON file with options by name; comments are allowed. Or SHARDSTORE_CONFIG.",
            HelpName = "path",
        };
        verb.Add(config);
        var options = new SettingOptions(verb, NodeSettings.All);
        verb.SetAction((parsed, stop) => hosts.RunNodeAsync(
            NodeOptionsReader.Read(options.Given(parsed), environment, parsed.GetValue(config)), stop));
        return verb;
    }
}
