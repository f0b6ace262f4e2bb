namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Chooses the weights of Holt-Winters smoothing for one series: those with the least squared error twelve steps
/// ahead. Not one step ahead, as the textbook has it: that rewards a level that runs after every value, and a season
/// that is never learnt. First a grid without a trend, then, around the best, trends that have to earn their place.
/// </summary>
internal static class SmoothingSearch
{
    /// <summary>Steps ahead that are scored: an hour at 5 minutes, the time a move takes.</summary>
    private const int Reach = 12;

    private static readonly double[] s_levels = [0.02, 0.05, 0.1, 0.2, 0.4, 0.7];
    private static readonly double[] s_seasons = [0.02, 0.05, 0.1, 0.2, 0.4];
    private static readonly (double Trend, double Damping)[] s_trends =
        [(0.01, 0.9), (0.05, 0.9), (0.2, 0.9), (0.01, 0.98), (0.05, 0.98)];

    /// <param name="values">More than two seasons.</param>
    public static SmoothingWeights Best(ReadOnlySpan<double> values, int seasonSteps)
    {
        var start = SeasonalLevel.Start(default, values, seasonSteps);
        var search = new Search(values, start, new double[seasonSteps]);
        foreach (var level in s_levels)
        {
            foreach (var season in s_seasons)
            {
                search.Try(new SmoothingWeights(level, 0, season, 1));
            }
        }

        var trendless = search.Best;
        foreach (var (trend, damping) in s_trends)
        {
            search.Try(trendless with { Trend = trend, Damping = damping });
        }

        return search.Best;
    }

    private ref struct Search(ReadOnlySpan<double> values, SeasonalLevel start, double[] season)
    {
        private readonly ReadOnlySpan<double> _values = values;
        private double _least = double.PositiveInfinity;

        public SmoothingWeights Best { get; private set; }

        public void Try(SmoothingWeights weights)
        {
            var loss = Loss(weights);
            if (loss < _least)
            {
                _least = loss;
                Best = weights;
            }
        }

        /// <summary>The recursion of <see cref="SeasonalLevel"/> with its state in local variables: it runs some
        /// thirty times over the whole history, and is most of what a fit costs.</summary>
        private readonly double Loss(SmoothingWeights weights)
        {
            start.CopySeason(season);
            var (level, trend, place) = (start.Level, 0.0, 0);
            var far = (Reach - 1) % season.Length;
            var reach = ReachOf(weights.Damping);
            var trendWeight = weights.Level * weights.Trend;
            var scoredFirst = (2 * season.Length) - 1;
            var loss = 0.0;
            for (var i = 0; i < _values.Length - Reach; i++)
            {
                var damped = weights.Damping * trend;
                var error = _values[i] - level - damped - season[place];
                level += damped + (weights.Level * error);
                trend = damped + (trendWeight * error);
                season[place] += weights.Season * error;
                place = place + 1 == season.Length ? 0 : place + 1;
                far = far + 1 == season.Length ? 0 : far + 1;
                if (i >= scoredFirst)
                {
                    var missed = _values[i + Reach] - level - (reach * trend) - season[far];
                    loss += missed * missed;
                }
            }

            return loss;
        }

        // φ + φ² + .. + φ^Reach.
        private static double ReachOf(double damping)
        {
            var (sum, power) = (0.0, 1.0);
            for (var step = 0; step < Reach; step++)
            {
                power *= damping;
                sum += power;
            }

            return sum;
        }
    }
}
