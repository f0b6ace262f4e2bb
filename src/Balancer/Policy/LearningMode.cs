using System.Text.Json.Serialization;

namespace ShardStore.Balancer;

/// <summary>What a trained agent may do with the knobs of a policy. Whatever it may, it stays within the policy's
/// limits.</summary>
public enum LearningMode : byte
{
    /// <summary>Nothing; nobody asks it.</summary>
    [JsonStringEnumMemberName("off")]
    Off = 1,
    /// <summary>It chooses and says so; the policy's own values are in force.</summary>
    [JsonStringEnumMemberName("shadow")]
    Shadow = 2,
    /// <summary>What it chooses is in force, unless it costs more than the policy's own values.</summary>
    [JsonStringEnumMemberName("live")]
    Live = 3,
}
