namespace ShardStore.Cluster.Tests.Compare;

/// <summary>A test that limits the CPU of a process; says why it is skipped where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CpuLimitFactAttribute : FactAttribute
{
    public CpuLimitFactAttribute() => Skip = CpuLimit.Missing();
}
