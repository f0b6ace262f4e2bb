using System.Runtime.CompilerServices;

namespace ShardStore.Node.Tests.Commands;

/// <summary>Tests block pool threads while they wait for a reply that needs one: with as many threads as cores the
/// pool would grow by one or two a second and every call would wait for that.</summary>
internal static class TestThreads
{
    private const int ThreadsMin = 64;

#pragma warning disable CA2255 // A test assembly has no other place that runs before all of its tests.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Prepare() => ThreadPool.SetMinThreads(ThreadsMin, ThreadsMin);
}
