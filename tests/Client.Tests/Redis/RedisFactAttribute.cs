using Xunit;

namespace ShardStore.Client.Tests;

/// <summary>A test against real Redis processes; skipped, and saying so, where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute()
    {
        if (!File.Exists(RedisCluster.ServerPath) || !File.Exists(RedisCluster.CommandPath))
            Skip = $"{RedisCluster.ServerPath} or {RedisCluster.CommandPath} is not installed";
    }
}
