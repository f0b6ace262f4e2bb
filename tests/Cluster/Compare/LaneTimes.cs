namespace ShardStore.Cluster.Tests.Compare;

/// <summary>When a lane's requests are due: evenly at a rate that changes, each when the rate since the last one adds
/// up to a whole request. A shard that is asked for next to nothing does not sleep through its rise.</summary>
/// <param name="rateAt">The lane's rate at a time. Unit: requests per second.</param>
/// <param name="endS">Nothing is due from then on.</param>
/// <param name="phase">Which part of a request has come before the beginning, 0 to below 1: lanes take turns.</param>
internal sealed class LaneTimes(Func<double, double> rateAt, double endS, double phase)
{
    /// <summary>The rate is taken as constant for so long. Unit: seconds.</summary>
    private const double PieceSeconds = 0.05;

    private double _at;
    private double _missing = 1 - phase;

    /// <summary>At or beyond the end: there is none.</summary>
    public double Next()
    {
        while (_at < endS)
        {
            var rate = rateAt(_at);
            if (rate * PieceSeconds >= _missing)
            {
                _at += _missing / rate;
                _missing = 1;
                return _at;
            }
            _missing -= rate * PieceSeconds;
            _at += PieceSeconds;
        }
        return endS;
    }
}
