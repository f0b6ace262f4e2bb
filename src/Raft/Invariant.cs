using System.Diagnostics.CodeAnalysis;

namespace ShardStore.Raft;

/// <summary>Checks of our own reasoning. They stay on in Release: a replica that has broken one must stop before
/// it can spread the damage.</summary>
internal static class Invariant
{
    public static void Check([DoesNotReturnIf(false)] bool holds, string rule)
    {
        if (!holds)
        {
            Fail(rule);
        }
    }

    [DoesNotReturn]
    public static void Fail(string rule) => throw new RaftInvariantException(rule);
}
