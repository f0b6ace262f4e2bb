namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>One kind of fault. <paramref name="Fire"/> begins it; <paramref name="Heal"/> ends it and tells whether it
/// really bit: a filter that dropped nothing, a disk that nobody wrote to, is no fault.</summary>
internal sealed record Fault(string Name, Func<Scene, Task> Fire, Func<Scene, Task<bool>> Heal)
{
    /// <summary>How long it lasts.</summary>
    public (int FromMs, int ToMs) HoldMs { get; init; } = (500, 2_500);
}
