using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>A node's CPU as the planner sees it: the median of a few seconds. One alone says little (a collection, a
/// late turn), and the planner would project it over the whole horizon.</summary>
public static class CpuSmoothing
{
    /// <summary>Seconds behind each median.</summary>
    public const int Over = 5;

    /// <summary>Medians that the planner sees.</summary>
    public const int Samples = 10;

    /// <summary>Seconds that all of them need.</summary>
    public const int Seconds = Samples + Over - 1;

    /// <summary>The last samples, oldest first, each the median of itself and those before it; of fewer at the start of
    /// <paramref name="seconds"/>.</summary>
    public static ImmutableArray<double> Medians(ReadOnlySpan<double> seconds)
    {
        var medians = ImmutableArray.CreateBuilder<double>(Samples);
        Span<double> sorted = stackalloc double[Over];
        for (var end = Math.Max(1, seconds.Length - Samples + 1); end <= seconds.Length; end++)
        {
            var window = seconds[Math.Max(0, end - Over)..end];
            window.CopyTo(sorted);
            sorted[..window.Length].Sort();
            medians.Add(sorted[window.Length / 2]);
        }

        return medians.ToImmutable();
    }
}
