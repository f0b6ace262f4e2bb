namespace ShardStore.Node.Telemetry;

/// <summary>What a node may use. <paramref name="Node"/>: its number. <paramref name="Cores"/> may be a fraction.
/// </summary>
public sealed record NodeCapacity(int Node, double Cores, long MemoryBytes)
{
    /// <summary>All that the machine or the container gives.</summary>
    public static NodeCapacity OfThisProcess(int node, double? coresConfigured = null)
    {
        var limits = CgroupLimits.Read();
        var memoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new NodeCapacity(
            node, coresConfigured ?? CoresOf(limits), Math.Min(memoryBytes, limits.MemoryBytes ?? memoryBytes));
    }

    /// <summary>The runtime rounds a container's CPU quota up to whole processors; shares need the true fraction.
    /// </summary>
    public static double CoresOf(CgroupLimits limits) =>
        Math.Min(Environment.ProcessorCount, limits.CpuCores ?? Environment.ProcessorCount);
}
