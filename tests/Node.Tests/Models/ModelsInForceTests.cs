using ShardStore.Balancer;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;

namespace ShardStore.Node.Tests.Models;

/// <summary>The life of a model, from its trial on, on a load of two shards with a season of an hour. One forecaster
/// has all methods, the other the baselines only: which is better is known.</summary>
public sealed class ModelsInForceTests
{
    private const int Season = 60;
    private const int Steps = 30;
    private const int Trial = (ModelTrial.BlocksMin + 4) * ModelTrial.BlockSteps;

    private readonly TestCluster _cluster = new();
    private readonly Dictionary<long, string?> _problems = [];
    private readonly LoadHistory[] _histories = [new(10 * Season), new(10 * Season)];
    private int _now = 3 * Season;

    [Fact]
    public void A_better_candidate_is_promoted_and_its_predecessor_let_go()
    {
        using var models = new ModelsInForce(Baselines(), (_, _) => Full());
        Load();
        Assert.Equal(1, Run(models, Trial)!.Number);
        Assert.Equal((1, 0L), (State.Acting.Number, State.Beside!.Number));
        Run(models, Trial);
        Assert.Equal((1, null), (State.Acting.Number, State.Beside));
    }

    [Fact]
    public void A_worse_candidate_is_dropped_and_never_acts()
    {
        using var models = new ModelsInForce(Full(), (_, _) => Baselines());
        Load();
        Assert.Equal(ModelStep.Drop, Run(models, Trial)!.Step);
        Assert.Equal((0, null), (State.Acting.Number, State.Beside));
    }

    [Fact]
    public void A_model_that_is_worse_once_it_acts_is_rolled_back()
    {
        using var models = new ModelsInForce(Full(), (_, _) => Baselines());
        Load();
        Assert.True(_cluster.Apply(new MoveModel(ModelStep.Promote, 1, "by an operator in a hurry")).Ok);
        var back = Run(models, Trial)!;
        Assert.Equal((ModelStep.RollBack, 1L), (back.Step, back.Number));
        Assert.Contains("the loss of the model of the start differs from that of model 1 (test) by -", back.Reason);
        Assert.Equal((0, null), (State.Acting.Number, State.Beside));
    }

    [Fact]
    public void A_model_that_is_led_by_hand_is_left_alone()
    {
        using var models = new ModelsInForce(Baselines(), (_, _) => Full());
        Load(byHand: true);
        Assert.Null(Run(models, Trial));
        Assert.Equal(TrialOutcome.Better, models.Report.Trial!.Value.Outcome);
        Assert.Equal((0, 1L), (State.Acting.Number, State.Beside!.Number));
    }

    [Fact]
    public void A_model_that_cannot_run_here_is_dropped_with_the_reason_and_the_others_go_on()
    {
        _problems[1] = "the library refuses it";
        using var models = new ModelsInForce(Full(), (model, _) => With(_problems[model.Number]));
        Load();
        var drop = Run(models, 1)!;
        Assert.Equal((ModelStep.Drop, "the library refuses it"), (drop.Step, drop.Reason));
        Assert.Null(models.Forecast(Views(), Steps).ModelProblem);
    }

    [Fact]
    public void A_promoted_model_brings_its_records_along()
    {
        using var models = new ModelsInForce(Baselines(), (_, _) => Full());
        Load(byHand: true);
        Run(models, Trial);
        Assert.True(_cluster.Apply(new MoveModel(ModelStep.Promote, 1, "")).Ok);
        models.Read(_cluster.ViewOf(1));
        var round = models.Forecast(Views(), Steps);
        Assert.All(round.Series, series => Assert.Equal(48, series.Past.Count));
        Assert.All(round.Series, series => Assert.Contains(series.Losses, loss => loss.Name == "ridge"));
    }

    private ModelSet State => _cluster.State.Models;

    private void Load(bool byHand = false) =>
        Assert.True(_cluster.Apply(new LoadModel([1], "test", byHand)).Ok);

    /// <summary>Rounds as a controller has them, until one calls for a change, which is made.</summary>
    private MoveModel? Run(ModelsInForce models, int rounds)
    {
        for (var round = 0; round < rounds; round++, _now++)
        {
            models.Read(_cluster.ViewOf(1));
            models.Forecast(Views(), Steps);
            if (models.Due() is not { } move)
                continue;
            Assert.True(_cluster.Apply(move).Ok);
            models.Read(_cluster.ViewOf(1));
            return move;
        }
        return null;
    }

    private SeriesView[] Views()
    {
        foreach (var (place, history) in _histories.Index())
        {
            while (history.AppendedCount < _now)
                history.Append(Demand(place + 1, (int)history.AppendedCount));
        }
        return [.. _histories.Index().Select(series => new SeriesView(
            new SeriesId(series.Index + 1), series.Item, new SeriesShape(300, Season, 0)))];
    }

    private static double Demand(int shard, int step) =>
        (1000 * shard) + (500 * Math.Sin((2 * Math.PI * step / Season) + shard))
        + (40 * new Random((shard * 100_000) + step).NextDouble());

    private static LoadedForecaster Baselines() => new(new DemandForecaster([]), null);

    private static LoadedForecaster Full() => With(null);

    private static LoadedForecaster With(string? problem) => new(DemandForecaster.Standard(null, problem), null);
}
