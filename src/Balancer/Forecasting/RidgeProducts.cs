namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// All sums of products a direct regression needs, for every horizon at once: of the newest values and those to come,
/// the signals of <see cref="RidgeSignals"/>, and a constant. Read as covariances of differences to the last known
/// value: so that the regression forecasts a change, and repeats the last value where it learnt nothing.
/// </summary>
internal sealed class RidgeProducts
{
    private const int Reach = ForecastLevels.StepsMax;

    private readonly double[][,] _blocks;
    private readonly int _signals;
    private readonly double _rows;
    private readonly Variable _constant;

    public RidgeProducts(ReadOnlySpan<double> values, RidgeSignals layout)
    {
        SeasonSignals = layout.SeasonSignals;
        // Newest values, seasons, window, constant.
        _signals = SeasonSignals + 3;
        _constant = new Variable(_signals - 1, 0);
        var rowFirst = layout.OriginFirst;
        var rows = values.Length - Reach - rowFirst;
        _rows = rows;
        _blocks = new double[_signals * _signals][,];
        var signals = new double[_signals][];
        signals[0] = Centred(values);
        for (var season = 0; season < SeasonSignals; season++)
        {
            signals[1 + season] = layout.Seasons(signals[0], season);
        }

        signals[_signals - 2] = RidgeSignals.WindowMeans(signals[0]);
        signals[_signals - 1] = new double[values.Length];
        Array.Fill(signals[_signals - 1], 1);
        for (var left = 0; left < _signals; left++)
        {
            for (var right = left; right < _signals; right++)
            {
                _blocks[(left * _signals) + right] =
                    LagProducts.Of(rowFirst, rows, LagsOf(signals, left), LagsOf(signals, right));
            }
        }
    }

    /// <summary>One column of the regression: a signal, and which of its lags.</summary>
    internal readonly record struct Variable(int Signal, int Place);

    public int SeasonSignals { get; }

    public Variable Window => new(_signals - 2, 0);

    /// <summary>The value <paramref name="steps"/> after the last known one, or before it.</summary>
    public static Variable Value(int steps) => new(0, RidgeSignals.Lags - 1 + steps);

    public static Variable Season(int signal, int steps) => new(1 + signal, steps);

    /// <summary>Mean difference of a variable to the last known value.</summary>
    public double Mean(Variable a) => (Sum(a, _constant) - Sum(Value(0), _constant)) / _rows;

    /// <summary>Covariance of two variables' differences to the last known value.</summary>
    public double Covariance(Variable a, Variable b)
    {
        var last = Value(0);
        var products = Sum(a, b) - Sum(a, last) - Sum(b, last) + Sum(last, last);
        return (products / _rows) - (Mean(a) * Mean(b));
    }

    /// <summary>Mean square of a variable and of the last known value, to hold a variance of their difference
    /// against.</summary>
    public double SquareOf(Variable a) => (Sum(a, a) + Sum(Value(0), Value(0))) / _rows;

    private double Sum(Variable a, Variable b)
        => a.Signal <= b.Signal
            ? _blocks[(a.Signal * _signals) + b.Signal][a.Place, b.Place]
            : _blocks[(b.Signal * _signals) + a.Signal][b.Place, a.Place];

    private LagProducts.Lags LagsOf(double[][] signals, int signal)
        => signal == 0 ? new LagProducts.Lags(signals[0], 1 - RidgeSignals.Lags, RidgeSignals.Lags + Reach)
            : signal <= SeasonSignals ? new LagProducts.Lags(signals[signal], 0, Reach + 1)
            : new LagProducts.Lags(signals[signal], 0, 1);

    /// <summary>Without their mean the sums keep the digits that tell one value from the next.</summary>
    private static double[] Centred(ReadOnlySpan<double> values)
    {
        var mean = 0.0;
        foreach (var value in values)
        {
            mean += value / values.Length;
        }

        var centred = values.ToArray();
        for (var i = 0; i < centred.Length; i++)
        {
            centred[i] -= mean;
        }

        return centred;
    }
}
