namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Chooses the order of an ARIMA model by the corrected Akaike criterion (AICc; Hurvich and Tsai, Biometrika 1989).
/// Every differencing has to explain the same newest values, so that their criteria can be compared. All orders are
/// ranked by their start values (<see cref="HannanRissanen"/>); the best few are estimated well and ranked again.
/// </summary>
internal static class ArimaSearch
{
    /// <summary>Values to explain at most: three and a half days at 5 minutes. With more the load has changed
    /// meanwhile, and the parameters are known well enough.</summary>
    private const int TargetsMax = 1000;

    /// <summary>Values to explain at least.</summary>
    private const int TargetsMin = 32;

    /// <summary>Values before the first to explain: lags of the long autoregression, then of its errors.</summary>
    private const int LagsMax = HannanRissanen.LongOrder + ArimaOrder.ErrorsMax;

    private const int Finalists = 3;

    /// <summary>Values below which no order is chosen.</summary>
    public const int HistoryMin = TargetsMin + LagsMax + 1;

    /// <param name="history">At least <see cref="HistoryMin"/> values.</param>
    public static ArimaModel Best(ReadOnlySpan<double> history, SeriesShape shape)
    {
        // A seasonal difference must leave two seasons to judge it by.
        var season = shape.HasSeason && shape.SeasonSteps <= (history.Length - LagsMax) / 3 ? shape.SeasonSteps : 0;
        var targets = Math.Min(TargetsMax, history.Length - LagsMax - 1 - season);
        var window = history[^(targets + LagsMax + 1 + season)..];
        var ranked = new List<(double Criterion, ArimaModel Model, double[] Differenced)>();
        foreach (var seasonSteps in season == 0 ? [0] : new[] { 0, season })
        {
            for (var differences = 0; differences <= 1; differences++)
            {
                var order = new ArimaOrder(0, differences, 0, seasonSteps);
                var differenced = order.Difference(window);
                AddOrders(new HannanRissanen(order, differenced, targets), order, targets, differenced, ranked);
            }
        }

        ranked.Sort((a, b) => a.Criterion.CompareTo(b.Criterion));
        var best = (Criterion: double.PositiveInfinity, Model: ranked[0].Model);
        foreach (var (_, start, differenced) in ranked.Take(Finalists))
        {
            var model = new ConditionalSquares(differenced, targets).Refine(start);
            var free = Math.Max(1, targets - (model.Order.Parameters - 1));
            var criterion = Criterion(model.Variance * free, targets, model.Order);
            best = criterion < best.Criterion ? (criterion, model) : best;
        }

        return best.Model;
    }

    private static void AddOrders(
        HannanRissanen starts,
        ArimaOrder differences,
        int targets,
        double[] differenced,
        List<(double Criterion, ArimaModel Model, double[] Differenced)> ranked)
    {
        for (var values = 0; values <= ArimaOrder.ValuesMax; values++)
        {
            for (var errors = 0; errors <= ArimaOrder.ErrorsMax; errors++)
            {
                if (starts.Model(differences with { Values = values, Errors = errors }) is { } model)
                {
                    ranked.Add((Criterion(model.Variance * targets, targets, model.Order), model, differenced));
                }
            }
        }
    }

    private static double Criterion(double squares, int targets, ArimaOrder order)
    {
        var parameters = order.Parameters;
        // A load that a model explains to the last digit has no logarithm; the fewest terms then win.
        var deviance = targets * Math.Log(Math.Max(squares / targets, 1e-200));
        return deviance + (2.0 * parameters * targets / (targets - parameters - 1));
    }
}
