using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>A membership as it was stored beside a checkpoint or in the log.</summary>
public static class CheckedConfiguration
{
    public static Configuration Decode(string where, ReadOnlySpan<byte> bytes) =>
        ConfigurationCodec.TryDecode(bytes, out var configuration) is { } problem
            ? throw new StorageCorruptException(where, 0, $"a membership: {problem}")
            : configuration;
}
