using ShardStore.Node.Cli.Settings;

namespace ShardStore.Fuzz.Targets;

/// <summary>Configuration files of a node, down to the checked options.</summary>
internal sealed class ConfigTarget : IFuzzTarget
{
    private static readonly Dictionary<string, string> s_nothing = [];

    public string Name => "config";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        """
        {
          "id": "n1", "dir": "/tmp/n1", "listen": "127.0.0.1:7001", // a comment
          "join": ["127.0.0.1:7101", "127.0.0.1:7102"], "shards": 48, "replicas": 3, "capacity-cores": 1.5,
          "balancer": "reactive", "election-ms": 1000, "allow-remote": true,
        }
        """u8.ToArray(),
        "{\"id\":\"n\",\"dir\":\"d\"}"u8.ToArray(),
    ];

    public void Seal(byte[] input)
    {
        // No checksum.
    }

    public bool Read(byte[] input)
    {
        var file = ConfigFile.Parse("config.json", input, NodeSettings.All);
        NodeOptionsReader.Build(new SettingValues(s_nothing, _ => null, file));
        return true;
    }

    public bool IsRefusal(Exception error) => error is UsageException;
}
