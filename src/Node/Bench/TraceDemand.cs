using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>
/// Demand as a trace tells it. The largest total of the trace becomes the run's peak rate and everything else keeps
/// its proportion. A trace of one series is the demand on the hot slot range, over an even background; column i of n
/// is the demand on the i-th of n equal slot ranges, which is how a fresh cluster of n shards is cut.
/// </summary>
internal sealed class TraceDemand : ISlotDemand
{
    /// <summary>When no rate is given. Unit: operations per second.</summary>
    private const double DefaultPeakRate = 10_000;

    private readonly TraceFile _trace;
    private readonly BenchOptions _options;
    private readonly double _backgroundRate;
    private readonly double _operationsPerUnit;

    internal TraceDemand(TraceFile trace, BenchOptions options)
    {
        _trace = trace;
        _options = options;
        var peakRate = options.RatePerSecond > 0 ? options.RatePerSecond : DefaultPeakRate;
        _backgroundRate = IsSingle ? peakRate * options.BackgroundShare : 0;
        var peak = Enumerable.Range(0, trace.TimesS.Count).Max(i => trace.Values.Sum(column => column[i]));
        _operationsPerUnit = peak > 0 ? (peakRate - _backgroundRate) / peak : 0;
    }

    private bool IsSingle => _trace.Columns.Count == 1;

    public double RateAt(double elapsedS)
    {
        var sum = 0.0;
        for (var column = 0; column < _trace.Columns.Count; column++)
            sum += _trace.ValueAt(column, elapsedS * _options.ReplaySpeed);
        // A rate of nothing would mean "as fast as replies come".
        return Math.Max(_backgroundRate + (sum * _operationsPerUnit), 0.1);
    }

    public (int First, int Last) NextRange(Random random, double elapsedS)
    {
        var point = random.NextDouble() * RateAt(elapsedS);
        for (var column = 0; column < _trace.Columns.Count; column++)
        {
            point -= _trace.ValueAt(column, elapsedS * _options.ReplaySpeed) * _operationsPerUnit;
            if (point < 0)
                return RangeOf(column);
        }
        return (0, HashSlot.Count - 1);
    }

    private (int First, int Last) RangeOf(int column)
    {
        if (IsSingle)
            return (_options.HotSlotFirst, _options.HotSlotLast);
        var count = _trace.Columns.Count;
        var first = (int)((long)column * HashSlot.Count / count);
        return (first, Math.Max(first, (int)((column + 1L) * HashSlot.Count / count) - 1));
    }
}
