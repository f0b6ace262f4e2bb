using ShardStore.Fuzz.Targets;

namespace ShardStore.Fuzz;

/// <summary>Everything that reads bytes which this process did not write itself, or wrote long ago.</summary>
internal static class FuzzTargets
{
    public static IEnumerable<string> Names => All().Select(target => target.Name);

    /// <summary>New ones: each is for one thread.</summary>
    public static IReadOnlyList<IFuzzTarget> All() =>
    [
        new RequestTarget(), new ReplyTarget(), new GreetingTarget(), new VerdictTarget(), new FrameTarget(),
        new ControlTarget(), new LogTarget(), new ManifestTarget(), new ChunkTarget(), new MembershipTarget(),
        new HistoryTarget(),
        new PolicyTarget(), new ConfigTarget(), new TraceTarget(),
        new BackupTarget(), new BackupListTarget(),
    ];

    public static IFuzzTarget? Find(string name) => All().FirstOrDefault(target => target.Name == name);
}
