namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>All faults by name, in the order in which they are run.</summary>
internal static class Faults
{
    public static IReadOnlyList<Fault> All { get; } = Make();

    /// <summary>Those that can run here; the others and why not are told.</summary>
    public static IReadOnlyList<string> Missing { get; } =
        OtherFaults.ClockJumpMissing is { } reason ? [$"clock-jump cannot run: {reason}"] : [];

    public static Fault? Find(string name) => All.FirstOrDefault(fault => fault.Name == name);

    private static List<Fault> Make()
    {
        List<Fault> faults = [.. ProcessFaults.All, .. NetworkFaults.All, .. DiskFaults.All];
        if (OtherFaults.ClockJumpMissing is null)
            faults.Add(OtherFaults.ClockJump);
        return [.. faults, OtherFaults.Migrate, OtherFaults.Mix(faults)];
    }
}
