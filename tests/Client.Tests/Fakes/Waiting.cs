namespace ShardStore.Client.Tests;

/// <summary>Waits for a condition that another thread will make true, up to a deadline.</summary>
internal static class Waiting
{
    internal static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            if (deadline.IsCancellationRequested)
                throw new TimeoutException($"not within 10 s: {what}");
            await Task.Yield();
        }
    }
}
