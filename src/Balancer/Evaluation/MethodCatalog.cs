using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Evaluation;

/// <summary>All methods that can be evaluated, by name: the yardsticks, the forecasters of the product, and what acts.
/// Baselines of the product are not listed apart: their points are those of the yardsticks.</summary>
public static class MethodCatalog
{
    public const string Naive = "naive";
    public const string Acting = ActingForecast.MethodName;

    /// <summary>Rough time of a forecast with its share of a fit.</summary>
    private const int StatisticalCost = 90;

    private const int ModelCost = 30;

    private static readonly EvaluationMethod[] s_yardsticks =
    [
        new RuleMethod(Naive, cost: 1, ReferenceRules.Naive),
        new RuleMethod("snaive", cost: 1, ReferenceRules.SeasonalNaive),
        new RuleMethod("mean12", cost: 1, ReferenceRules.Mean),
        new RuleMethod("ses", cost: 3, ReferenceRules.Smoothing),
    ];

    private static readonly string[] s_yardstickTwins =
        [LastValue.MethodName, SeasonalNaive.MethodName, RecentMean.MethodName, SimpleSmoothing.MethodName];

    /// <summary>Those of the product that the protocol lists with a short memory; the others see everything.</summary>
    private static readonly string[] s_short = [Theta.MethodName];

    private static readonly string[] s_whole = [ActingForecast.UngatedName, ActingForecast.MethodName];

    /// <summary>Every name, in the order of tables.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. s_yardsticks.Select(method => method.Name), .. Statistical().Select(method => method.Name),
        LstmForecaster.ModelName, .. s_whole,
    ];

    /// <summary>Whether one of the names uses the LSTM.</summary>
    public static bool UsesModel(IEnumerable<string> names)
        => names.Any(name => name == LstmForecaster.ModelName || s_whole.Contains(name));

    /// <param name="names">Of <see cref="Names"/>; the naive method is always added.</param>
    /// <param name="lstm">Null: the whole forecaster goes without.</param>
    public static MethodSet Create(IReadOnlyCollection<string> names, LstmForecaster? lstm)
    {
        if (lstm is null && names.Contains(LstmForecaster.ModelName))
        {
            throw new ArgumentNullException(nameof(lstm), "A method is asked for that is the model.");
        }

        var methods = s_yardsticks.Where(method => method.Name == Naive || names.Contains(method.Name)).ToList();
        methods.AddRange(Statistical().Where(method => names.Contains(method.Name)));
        if (names.Contains(LstmForecaster.ModelName))
        {
            methods.Add(new ForecasterMethod(lstm!, Memory.Long, isPoint: false, ModelCost));
        }

        var whole = s_whole.Where(names.Contains).ToArray();
        return new MethodSet(methods, whole.Length > 0 ? () => DemandForecaster.Standard(lstm) : null)
        {
            Whole = whole,
        };
    }

    private static IEnumerable<EvaluationMethod> Statistical()
        => StatisticalForecasters.Create()
            .Where(forecaster => !s_yardstickTwins.Contains(forecaster.Name))
            .Select(forecaster => new ForecasterMethod(
                forecaster, s_short.Contains(forecaster.Name) ? Memory.Short : Memory.Long, isPoint: true,
                StatisticalCost));
}
