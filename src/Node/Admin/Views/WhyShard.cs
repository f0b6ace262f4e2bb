using ShardStore.Balancer;
using ShardStore.Node.Placement;
using ShardStore.Node.Routing;

namespace ShardStore.Node.Admin.Views;

/// <summary>Why a shard moves, moved last, or stays, in sentences: from the controller's last round and from what is on
/// record.</summary>
internal sealed class WhyShard(ClusterReading reading, ControllerRound round, ShardEntry shard)
{
    private BalancingPolicy Policy => round.Snapshot.Policy;

    public IEnumerable<string> Sentences()
    {
        yield return Place();
        var migrations = reading.View.Migrations.Where(migration => migration.Shard == shard.Id).ToArray();
        if (migrations.LastOrDefault() is { IsOver: false } running)
        {
            foreach (var sentence in WhyMigration.Sentences(reading, running))
                yield return sentence;
        }
        else
        {
            foreach (var sentence in Now())
                yield return sentence;
        }
        yield return Forecast();
        yield return $"All of this is of the round of {Phrases.Time(round.AtMs)}, under policy version "
            + $"{Policy.Version} (mode {Words.Camel(Policy.Mode.ToString())}, execution "
            + $"{Words.Camel(Policy.Execution.ToString())}).";
        if (migrations.LastOrDefault(migration => migration.IsOver) is { } last)
        {
            yield return "Its last move:";
            foreach (var sentence in WhyMigration.Sentences(reading, last))
                yield return sentence;
        }
    }

    private string Place()
    {
        var copies = string.Join(", ", shard.Replicas.Select(replica => reading.NameOf(replica.Node)));
        var leader = shard.LeaderNode == 0 ? "has no leader" : $"is led by {reading.NameOf(shard.LeaderNode)}";
        var load = round.Snapshot.Shards.FirstOrDefault(load => load.Id.Value == shard.Id);
        var demand = load is null ? "" : $", and is asked for {Phrases.Rate(load.Demand.OpsPerSecond)}";
        return $"Shard {shard.Id} {leader}, has copies on {copies}{demand}.";
    }

    private IEnumerable<string> Now()
    {
        if (reading.View.Recommendations.FirstOrDefault(record =>
            record.Move.Shard == shard.Id && record.IsVetoedAt(reading.UnixMs)) is { } veto)
        {
            yield return $"An operator vetoed recommendation {veto.Id} ({RecommendationRules.Deed(veto.Move)}) at "
                + $"{Phrases.Time(veto.SinceMs)}: it stays until {Phrases.Time(veto.VetoedUntilMs)}.";
        }
        if (round.Decision.Recommendations.FirstOrDefault(row => row.Shard.Value == shard.Id) is { } row)
        {
            yield return Proposed(row);
            var rejected = RecommendationViews.Rows(reading, round).First(view => view.Shard == shard.Id).Rejected;
            if (Phrases.Rejected(rejected) is { } sentence)
                yield return sentence;
        }
        else
        {
            yield return WhyItStays();
        }
    }

    private string Proposed(Recommendation row)
    {
        var record = RecommendationKeeper.RecordOf(reading.View, row);
        var id = record is null ? "" : $" (recommendation {record.Id})";
        var approve = record is null ? "approval" : $"`ctl approve {record.Id}`";
        var how = (Policy.Execution, record) switch
        {
            _ when row.Cause == MoveCause.Drain => $"It starts at {Phrases.Time(row.ExecuteAtMs)}: a drain is an order",
            (ExecutionMode.Advise, _) => "It does not start by itself: the policy's execution is advise",
            (ExecutionMode.Approve, { State: RecommendationState.Approved } approved) =>
                $"It is approved until {Phrases.Time(approved.ApprovedUntilMs)} and starts at "
                + Phrases.Time(row.ExecuteAtMs),
            (ExecutionMode.Approve, _) =>
                $"It waits for {approve}, planned for {Phrases.Time(row.ExecuteAtMs)}",
            _ => $"It starts by itself at {Phrases.Time(row.ExecuteAtMs)}",
        };
        return $"The {row.Strategy} balancer proposes to move it from {reading.NameOf(row.From.Value)} to "
            + $"{reading.NameOf(row.To.Value)}{id}, urgency {row.Urgency.Score:0}: {row.Explanation} {how}.";
    }

    private string WhyItStays()
    {
        var refusal = round.Decision.Refusals.FirstOrDefault(refusal => refusal.Shard.Value == shard.Id);
        if (refusal is not null)
        {
            var target = refusal.To.IsNone ? "" : $" to {reading.NameOf(refusal.To.Value)}";
            return $"It stays: a move from {reading.NameOf(refusal.From.Value)}{target} was weighed and dropped, since "
                + $"{RejectionTexts.Of(refusal.Reason)} ({Words.Camel(refusal.Reason.ToString())}).";
        }
        var holders = shard.Replicas.Select(replica => replica.Node).ToHashSet();
        var others = round.Decision.Recommendations.Where(row => holders.Contains(row.From.Value)).ToArray();
        if (others.Length > 0)
        {
            return $"It stays: {string.Join("; ", others.Select(row =>
                $"{reading.NameOf(row.From.Value)} gives up shard {row.Shard} instead, which does more"))}.";
        }
        if (Policy.Mode == Balancer.BalancerMode.Off)
            return "It stays: the balancer is off.";
        var outlooks = round.Decision.Outlooks.Where(outlook => holders.Contains(outlook.Node.Value))
            .Select(outlook => $"{reading.NameOf(outlook.Node.Value)} peaks at {Words.Percent(outlook.PeakFraction)}, "
                + $"chance of passing {Words.Percent(outlook.Threshold)}: {Words.Percent(outlook.Probability)}");
        return $"It stays: no node that holds it gives up load ({string.Join("; ", outlooks)}).";
    }

    private string Forecast()
    {
        var series = round.Forecasts.Series.FirstOrDefault(series => series.Id.Value == shard.Id);
        if (series is null || series.Forecast.Steps == 0)
            return "There is no forecast of its demand yet: it has no load history.";
        var forecast = series.Forecast;
        var (middle, high) = (Nearest(forecast, 0.5), Nearest(forecast, Policy.Triggers.ActQuantile));
        var last = forecast.Steps;
        var minutes = Phrases.Duration(last * forecast.StepSeconds);
        var state = forecast.State == ForecastState.Ok ? "" : $", {Words.Camel(forecast.State.ToString())}";
        return $"Its demand is forecast by {forecast.Method}{state} from {series.HistoryCount} steps: "
            + $"{Phrases.Rate(forecast.At(1, middle))} next, {Phrases.Rate(forecast.At(last, middle))} in {minutes}, "
            + $"at the {high:0.##} quantile {Phrases.Rate(forecast.At(1, high))} and "
            + $"{Phrases.Rate(forecast.At(last, high))}{Covered(series, high)}.";
    }

    private static string Covered(Balancer.Forecasting.SeriesForecast series, double level)
    {
        var record = series.Coverage.FirstOrDefault(record => record.Level == level);
        return record.Compared >= 1 && double.IsFinite(record.Share)
            ? $"; so far that covered {Words.Percent(record.Share)} of what came"
            : "";
    }

    private static double Nearest(QuantileForecast forecast, double level) =>
        forecast.Levels.MinBy(known => Math.Abs(known - level));
}
