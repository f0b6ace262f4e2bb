using System.Text.Json.Serialization;

namespace ShardStore.Balancer;

/// <summary>Who decides that a recommendation is carried out. Drains are orders of an operator and start under each of
/// them.</summary>
public enum ExecutionMode : byte
{
    /// <summary>Nothing starts by itself: people read the list and move by hand.</summary>
    [JsonStringEnumMemberName("advise")]
    Advise = 1,
    /// <summary>A recommendation starts in its window once somebody has approved it.</summary>
    [JsonStringEnumMemberName("approve")]
    Approve = 2,
    /// <summary>A recommendation starts in its window unless somebody vetoes it.</summary>
    [JsonStringEnumMemberName("automatic")]
    Automatic = 3,
}
