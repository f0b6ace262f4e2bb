using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>The controller's forecasts, with each model's record.</summary>
internal static class ForecastViews
{
    public static IReadOnlyList<ForecastView> All(ControllerRound round) =>
        [.. round.Forecasts.Series.Select(series => Of(round, series))];

    public static ForecastView? One(ControllerRound round, int shard) =>
        round.Forecasts.Series.FirstOrDefault(series => series.Id.Value == shard) is { } series
            ? Of(round, series)
            : null;

    private static ForecastView Of(ControllerRound round, SeriesForecast series)
    {
        var forecast = series.Forecast;
        var stepMs = Math.Max(1, (long)(forecast.StepSeconds * 1000));
        return new ForecastView
        {
            Shard = (int)series.Id.Value,
            Metric = "opsPerSecond",
            StepSeconds = forecast.StepSeconds,
            StartUnixMs = (series.LastStep + 1) * stepMs,
            Levels = forecast.Levels,
            Values = [.. forecast.Values.Select(Words.Finite).Chunk(forecast.Levels.Length)],
            Method = forecast.Method,
            State = Words.Camel(forecast.State.ToString()),
            Reason = forecast.Reason,
            HistorySteps = series.HistoryCount,
            Parts = [.. series.Parts.Select(part => new ForecastPartView(
                Words.Camel(part.Kind.ToString()), part.Name, part.CameTrue, part.Multipliers))],
            Scores = Scores(series.Losses, round.Forecasts.BaselineCount),
            Members = [.. series.Members.Select(member =>
                new MemberView(member.Name, member.Short, member.Middle, member.Long))],
            Coverage = [.. series.Coverage.Select(level =>
                new CoverageView(level.Level, FiniteOrNull(level.Share), level.Compared))],
            Past = [.. series.Past.Select(past => new PastForecastView(
                past.Step * stepMs, Words.Finite(past.Low), Words.Finite(past.Median), Words.Finite(past.High),
                FiniteOrNull(past.Came)))],
        };
    }

    private static double? FiniteOrNull(double value) => double.IsFinite(value) ? value : null;

    /// <summary>Without those that nothing could be compared for, as on a load that never moved.</summary>
    private static List<ModelScoreView> Scores(IReadOnlyList<CandidateLoss> losses, int baselines)
    {
        var bar = losses.Take(baselines).Select(LossOf).Where(double.IsFinite).DefaultIfEmpty(1).Min();
        var scores = new List<ModelScoreView>();
        for (var i = 0; i < losses.Count; i++)
        {
            var loss = LossOf(losses[i]);
            if (double.IsFinite(loss))
            {
                var windows = (int)Math.Min(int.MaxValue, losses[i].ScoredForecasts);
                scores.Add(new ModelScoreView(losses[i].Name, loss, windows, i >= baselines && loss < bar));
            }
        }
        return scores;
    }

    /// <summary>As the selector weighs it: half the median's error, half the upper quantile's.</summary>
    private static double LossOf(CandidateLoss loss) => (loss.RelativeError + loss.RelativePinball) / 2;
}
