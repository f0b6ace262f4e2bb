namespace ShardStore.Balancer;

/// <summary>Which step of a forecast each step of the grid falls into. Forecasts of one round mostly share their step,
/// age and length, so this is worked out once for many.</summary>
internal sealed class StepRows
{
    public static readonly StepRows None = new(0, 0, 0, []);

    private readonly double _stepSeconds;
    private readonly double _ageSeconds;
    private readonly int _steps;
    private readonly int[] _rows;

    private StepRows(double stepSeconds, double ageSeconds, int steps, int[] rows) =>
        (_stepSeconds, _ageSeconds, _steps, _rows) = (stepSeconds, ageSeconds, steps, rows);

    public int this[int gridStep] => _rows[gridStep];

    public static StepRows Of(QuantileForecast forecast, int gridSteps, double gridStepSeconds)
    {
        var rows = new int[gridSteps];
        for (var i = 0; i < rows.Length; i++)
        {
            // The one that the middle of the grid's step falls into.
            var step = (int)((((i + 0.5) * gridStepSeconds) + forecast.AgeSeconds) / forecast.StepSeconds);
            rows[i] = Math.Min(step, forecast.Steps - 1);
        }
        return new StepRows(forecast.StepSeconds, forecast.AgeSeconds, forecast.Steps, rows);
    }

    public bool IsFor(QuantileForecast forecast) => forecast.StepSeconds == _stepSeconds
        && forecast.AgeSeconds == _ageSeconds && forecast.Steps == _steps;
}
