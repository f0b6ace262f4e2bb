namespace ShardStore.Balancer;

/// <summary>What a named part of a forecast comes from.</summary>
public enum UsageKind : byte
{
    Growth = 1,
    Window = 2,
    Event = 3,
}
