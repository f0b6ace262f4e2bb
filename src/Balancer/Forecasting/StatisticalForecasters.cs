namespace ShardStore.Balancer.Forecasting;

/// <summary>Every forecaster that needs no trained model, one of each.</summary>
public static class StatisticalForecasters
{
    /// <summary>New ones, in a fixed order: the baselines first, then from simple to elaborate.</summary>
    public static IReadOnlyList<IDemandForecaster> Create()
        =>
        [
            new LastValue(), new SeasonalNaive(), SeasonalNaive.Week(), new RecentMean(), new SimpleSmoothing(),
            new Theta(), new HoltWinters(), new DirectRidge(),
            new Arima(), new Decomposable(), new Analog(),
        ];
}
