using ShardStore.Balancer;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>Why a migration was made and what came of it, in sentences.</summary>
internal static class WhyMigration
{
    public static IEnumerable<string> Sentences(ClusterReading reading, MigrationRecord migration)
    {
        yield return Deed(reading, migration);
        var record = reading.View.Recommendations.FirstOrDefault(record => record.Id == migration.Recommendation);
        yield return Cause(migration, record);
        if (record?.Expected is { } expected)
        {
            yield return Forecast(reading, record, expected);
            if (Phrases.Rejected(RecommendationViews.Rejected(reading, record)) is { } rejected)
                yield return rejected;
        }
        if (record is { State: RecommendationState.Done, Expected: { } planned })
        {
            yield return $"It was to send {Phrases.Bytes(planned.WireBytes)} and take "
                + $"{Phrases.Duration(planned.Seconds)}; it sent {Phrases.Bytes(record.Bytes)} and took "
                + $"{Phrases.Duration(OutcomeViews.SecondsOf(record))}.";
            yield return Verdict(reading, record, planned);
        }
    }

    private static string Deed(ClusterReading reading, MigrationRecord migration)
    {
        var what = migration.Kind == MoveKind.LeaderTransfer ? "leadership of shard" : "shard";
        var where = $"{what} {migration.Shard} from {reading.NameOf(migration.From)} to "
            + reading.NameOf(migration.To);
        return migration.Stage switch
        {
            MigrationStage.Done => $"Migration m{migration.Id} moved {where}, from "
                + $"{Phrases.Time(migration.StartedMs)} to {Phrases.Time(migration.EndedMs)}.",
            MigrationStage.Failed => $"Migration m{migration.Id} was to move {where} and failed at "
                + $"{Phrases.Time(migration.EndedMs)}: {migration.Error}.",
            var stage => $"Migration m{migration.Id} moves {where}; it is {stage} since "
                + $"{Phrases.Time(migration.StageSinceMs)}.",
        };
    }

    private static string Cause(MigrationRecord migration, RecommendationRecord? record)
    {
        if (migration.PolicyVersion is not { } version)
            return "An operator asked for it; no forecast stood behind it, so whether it helped is not judged.";
        if (record is null)
            return $"The balancer called for it under policy version {version}: {migration.Reason}";
        var approved = record.ApprovedUntilMs > 0 ? ", and an operator approved it" : "";
        return $"The {record.Strategy} balancer called for it under policy version {version} (recommendation "
            + $"{record.Id}){approved}: {migration.Reason}";
    }

    private static string Forecast(ClusterReading reading, RecommendationRecord record, MoveExpectation expected)
    {
        var (source, target) = (expected.Source, expected.Target);
        var due = expected.BreachMs is { } breach ? $", due at {Phrases.Time(breach)}" : "";
        return $"{Basis(record, expected)}: without it {reading.NameOf(record.Move.From)} would peak at "
            + $"{Words.Percent(source.PeakWithout)} of its CPU (chance of passing "
            + $"{Words.Percent(expected.Threshold)}: {Words.Percent(source.ChanceWithout)}{due}), "
            + $"with it at {Words.Percent(source.PeakWith)} ({Words.Percent(source.ChanceWith)}); "
            + $"{reading.NameOf(record.Move.To)} at {Words.Percent(target.PeakWithout)} without and "
            + $"{Words.Percent(target.PeakWith)} with it.";
    }

    private static string Basis(RecommendationRecord record, MoveExpectation expected)
    {
        var at = Phrases.Time(expected.DecidedMs);
        if (record.Strategy == "reactive")
            return $"The load measured at {at}, as if it stayed";
        var by = record.ForecastMethod.Length > 0 ? $" (the shard's by {record.ForecastMethod})" : "";
        return $"The forecast of {at}{by}, up to {Phrases.Time(expected.HorizonMs)}";
    }

    private static string Verdict(ClusterReading reading, RecommendationRecord record, MoveExpectation expected)
    {
        var window = OutcomeWatch.WindowOf(record, reading.View);
        var help = OutcomeViews.VerdictOf(record);
        var verdict = OutcomeTexts.Verdict(help);
        var sentence = char.ToUpperInvariant(verdict[0]) + verdict[1..];
        if (help == MoveHelp.CannotTellYet)
            return $"{sentence}: it is judged over the time from {Phrases.Time(window.FromMs)} to "
                + $"{Phrases.Time(window.ToMs)}.";
        if (OutcomeViews.Measured(record) is not { } came)
            return $"{sentence}.";
        return $"{sentence}: from {Phrases.Time(came.FromMs)} to {Phrases.Time(came.ToMs)} "
            + $"{reading.NameOf(record.Move.From)} peaked at {Words.Percent(came.SourcePeak)} and was over "
            + $"{Words.Percent(expected.Threshold)} for {Phrases.Duration(came.SourceSecondsOver)}; without it that "
            + $"would have been {Words.Percent(came.SourcePeakWithout)} and "
            + $"{Phrases.Duration(came.SourceSecondsOverWithout)}. {reading.NameOf(record.Move.To)} peaked at "
            + $"{Words.Percent(came.TargetPeak)}, over it for {Phrases.Duration(came.TargetSecondsOverAdded)} because "
            + "of the move.";
    }
}
