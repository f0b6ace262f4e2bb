using System.Diagnostics;

namespace ShardStore.Cluster.Tests.Support;

/// <summary>Waits for a condition of another process, which cannot signal us.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the condition holds. <paramref name="what"/> tells the failure what was seen last.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan timeout, Func<string> what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > timeout)
                throw new TimeoutException($"not within {timeout.TotalSeconds:0} s: {what()}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Lets something last for a time that a draw or a caller decided; not to see things come true.</summary>
    public static async Task LastAsync(TimeSpan time)
    {
        var waited = Stopwatch.StartNew();
        while (time - waited.Elapsed is { Ticks: > 0 } left)
            await Task.Delay(left < Pause ? left : Pause);
    }

    public static Task UntilAsync(Func<bool> condition, TimeSpan timeout, Func<string> what) =>
        UntilAsync(() => Task.FromResult(condition()), timeout, what);
}
