namespace ShardStore.Client.Routing;

/// <summary>When to try again. Pauses double up to a bound and are jittered, so that callers who failed together do
/// not come back together.</summary>
internal sealed class RetryPolicy(ClientOptions options, Random jitter)
{
    /// <summary>Redirects followed at once. Beyond it two nodes point at each other, and a pause lets them settle.
    /// </summary>
    private const int RedirectsAtOnceMax = 5;

    private readonly Lock _gate = new();

    internal bool MayTryAgain(int attempts) => attempts < options.AttemptsMax;

    /// <summary>The pause before a retry, at least half of the full one.</summary>
    /// <param name="retries">Retries so far that waited, 0 for the first.</param>
    internal TimeSpan PauseBefore(int retries)
    {
        var full = options.BackoffMin.TotalMilliseconds * Math.Pow(2, Math.Min(retries, 20));
        full = Math.Min(full, options.BackoffMax.TotalMilliseconds);
        double share;
        lock (_gate)
            share = jitter.NextDouble();
        return TimeSpan.FromMilliseconds(full * (0.5 + 0.5 * share));
    }

    /// <summary>The pause before following a redirect: none for the first few.</summary>
    internal TimeSpan PauseBeforeRedirect(int redirects) =>
        redirects <= RedirectsAtOnceMax ? TimeSpan.Zero : PauseBefore(redirects - RedirectsAtOnceMax - 1);
}
