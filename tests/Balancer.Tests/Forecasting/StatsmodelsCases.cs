using System.Text.Json;
using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>What statsmodels made of generated series; Reference/statsmodels_reference.py wrote it.</summary>
internal static class StatsmodelsCases
{
    private static readonly Cases s_all = Read();

    public static IReadOnlyList<ArimaCase> Arima => s_all.Arima;

    public static IReadOnlyList<HoltWintersCase> HoltWinters => s_all.HoltWinters;

    private static Cases Read()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Reference", "statsmodels.json");
        return JsonSerializer.Deserialize<Cases>(File.ReadAllText(path), JsonSerializerOptions.Web)!;
    }

    /// <param name="Values">φ, nearest first.</param>
    /// <param name="Errors">θ, nearest first.</param>
    /// <param name="Deviations">Standard errors of the forecast.</param>
    internal sealed record ArimaCase(
        string Name, int Differences, int Season, double[] Series, double Mean, double[] Values, double[] Errors,
        double Variance, double[] Forecast, double[] Deviations)
    {
        public ArimaOrder Order => new(Values.Length, Differences, Errors.Length, Season);

        public SeriesShape Shape => new(60, Season, 0);
    }

    /// <param name="Given">Forecast with these weights and this start.</param>
    /// <param name="Estimated">Forecast with weights and start as statsmodels chose them.</param>
    internal sealed record HoltWintersCase(
        string Name, int Season, double[] Series, double Level, double Trend, double Seasonal, double Damping,
        double StartTrend, double[] StartSeason, double[] Given, double[] Estimated);

    private sealed record Cases(ArimaCase[] Arima, HoltWintersCase[] HoltWinters);
}
