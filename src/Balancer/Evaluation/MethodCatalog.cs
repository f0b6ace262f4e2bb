using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Evaluation;

/// <summary>All methods that can be evaluated, by name. The baselines of the product are not listed apart: their points
/// are those of the yardsticks.</summary>
public static class MethodCatalog
{
    public const string Naive = "naive";

    private static readonly EvaluationMethod[] Yardsticks =
    [
        new RuleMethod(Naive, cost: 1, ReferenceRules.Naive),
        new RuleMethod("snaive", cost: 1, ReferenceRules.SeasonalNaive),
        new RuleMethod("mean12", cost: 1, ReferenceRules.Mean),
        new RuleMethod("ses", cost: 8, ReferenceRules.Smoothing),
    ];

    /// <summary>Every name, in the order of tables.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Yardsticks.Select(method => method.Name), LstmForecaster.ModelName, ActingForecast.MethodName,
    ];

    /// <summary>Whether one of the names needs the LSTM.</summary>
    public static bool NeedsModel(IEnumerable<string> names)
        => names.Any(name => name is LstmForecaster.ModelName or ActingForecast.MethodName);

    /// <param name="names">Of <see cref="Names"/>; the naive method is always added.</param>
    /// <param name="lstm">Not null where <see cref="NeedsModel"/>.</param>
    public static MethodSet Create(IReadOnlyCollection<string> names, LstmForecaster? lstm)
    {
        var methods = Yardsticks.Where(method => method.Name == Naive || names.Contains(method.Name)).ToList();
        if (lstm is null && NeedsModel(names))
        {
            throw new ArgumentNullException(nameof(lstm), "A method is asked for that needs the model.");
        }

        if (names.Contains(LstmForecaster.ModelName))
        {
            methods.Add(new ForecasterMethod(lstm!, Memory.Long, isPoint: false, cost: 200));
        }

        return new MethodSet(
            methods, names.Contains(ActingForecast.MethodName) ? () => new DemandForecaster([lstm!]) : null);
    }
}
