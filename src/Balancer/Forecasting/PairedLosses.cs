namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Whether one candidate is better than another by more than chance: the differences of their losses on the same
/// forecasts, with mean and variance, fading. Two methods that are wrong together differ little by chance, so that a
/// small lead is told; two that are wrong at different times need a large one (the paired test of Diebold and Mariano
/// 1995). Forecasts that overlap are wrong together and count for the part of a horizon that is new in each. Only the
/// first candidates, the baselines, and the last, the combination, are compared with.
/// </summary>
internal sealed class PairedLosses(int candidates, int baselines)
{
    private readonly double[] _losses = new double[candidates];
    private readonly double[] _sums = new double[(baselines + 1) * candidates];
    private readonly double[] _squares = new double[(baselines + 1) * candidates];

    /// <summary>Independent forecasts' worth of evidence, faded.</summary>
    public double Evidence { get; private set; }

    /// <summary>Mean loss of a candidate.</summary>
    public double MeanOf(int candidate) => Evidence > 0 ? _losses[candidate] / Evidence : 0;

    /// <summary>Adds one scored forecast.</summary>
    /// <param name="losses">Loss of each candidate on it.</param>
    /// <param name="share">Part of its horizon that the one before did not cover, 0 to 1.</param>
    /// <param name="kept">Weight that is left to older ones.</param>
    public void Add(ReadOnlySpan<double> losses, double share, double kept)
    {
        Evidence = (Evidence * kept) + share;
        for (var candidate = 0; candidate < candidates; candidate++)
        {
            _losses[candidate] = (_losses[candidate] * kept) + (share * losses[candidate]);
            for (var row = 0; row <= baselines; row++)
            {
                var place = (row * candidates) + candidate;
                var difference = losses[row < baselines ? row : candidates - 1] - losses[candidate];
                _sums[place] = (_sums[place] * kept) + (share * difference);
                _squares[place] = (_squares[place] * kept) + (share * difference * difference);
            }
        }
    }

    /// <summary>By how many standard errors a candidate leads a baseline or the combination; negative when it is
    /// behind, NaN without evidence.</summary>
    public double LeadOf(int candidate, int other)
    {
        var place = (Math.Min(other, baselines) * candidates) + candidate;
        var mean = _sums[place] / Evidence;
        var variance = Math.Max(0, (_squares[place] / Evidence) - (mean * mean));
        return mean == 0 ? 0 : mean / Math.Sqrt(variance / Evidence);
    }
}
