using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;

namespace ShardStore.Node.Tests.Models;

/// <summary>Which model acts and which runs beside is the meta group's to say.</summary>
public sealed class ModelRulesTests
{
    private readonly TestCluster _cluster = new();

    private ModelSet Models => _cluster.State.Models;

    [Fact]
    public void A_model_runs_along_acts_and_gives_way_again()
    {
        Assert.Equal((0, null), (Models.Acting.Number, Models.Beside));
        Assert.Equal(1, Load(1, 2, 3).Id);
        Assert.Equal((0, 1L, true), (Models.Acting.Number, Models.Beside!.Number, Models.HasCandidate));
        Move(ModelStep.Promote, 1);
        Assert.Equal((1, 0L, true), (Models.Acting.Number, Models.Beside!.Number, Models.HasPredecessor));
        Move(ModelStep.RollBack, 1);
        Assert.Equal((0, null), (Models.Acting.Number, Models.Beside));
        Assert.Empty(_cluster.State.ModelBytes);
        Assert.Equal(2, Load(1, 2, 3).Id);
    }

    [Fact]
    public void The_second_model_has_the_first_to_go_back_to_until_it_is_let_go()
    {
        Load(1);
        Move(ModelStep.Promote, 1);
        Move(ModelStep.Drop, 0);
        Load(2);
        Move(ModelStep.Promote, 2);
        Assert.Equal((2, 1L), (Models.Acting.Number, Models.Beside!.Number));
        Assert.Equal([1L, 2], _cluster.State.ModelBytes.Keys.Order());
        Move(ModelStep.Drop, 1);
        Assert.Equal((2, null), (Models.Acting.Number, Models.Beside));
        Assert.Equal([2L], _cluster.State.ModelBytes.Keys);
    }

    [Fact]
    public void A_store_that_is_read_back_has_the_models()
    {
        Load(1, 2, 3);
        Move(ModelStep.Promote, 1);
        var read = MetaState.Load(_cluster.Store);
        Assert.Equal(Models, read.Models);
        Assert.Equal([1, 2, 3], read.ModelBytes[1].ToArray());
    }

    [Fact]
    public void Each_change_is_an_event_with_its_reason()
    {
        Load(1);
        Move(ModelStep.Promote, 1);
        var texts = _cluster.State.Events.Values.Where(entry => entry.Kind == "model").Select(entry => entry.Text);
        Assert.Equal(
            [
                "model 1 (test) runs along beside the model of the start",
                "model 1 (test) acts, the model of the start runs along: because",
            ],
            texts);
    }

    [Fact]
    public void What_is_no_longer_true_is_refused_and_changes_nothing()
    {
        Refused("no model is on trial", new MoveModel(ModelStep.Promote, 1, ""));
        Refused("no model to go back to", new MoveModel(ModelStep.RollBack, 0, ""));
        Refused("no model runs beside", new MoveModel(ModelStep.Drop, 0, ""));
        Refused("has 0 bytes", new LoadModel([], "", false));
        Refused("allowed are 1 to 716800", new LoadModel(new byte[ModelRules.BytesMax + 1], "", false));
        Refused("note: must be at most 80 characters", new LoadModel([1], new string('x', 81), false));
        Refused("none of them a control character", new LoadModel([1], "a\nb", false));
        Load(1);
        Refused("model 1 (test), which runs along already", new LoadModel([1], "", false));
        Refused("model 7: it is model 1 (test) by now", new MoveModel(ModelStep.Promote, 7, ""));
        Move(ModelStep.Promote, 1);
        Refused("model 1 (test) is on trial since it acts", new LoadModel([2], "", false));
        Move(ModelStep.Drop, 0);
        Refused("model 1 (test), which acts already", new LoadModel([1], "", false));
    }

    [Fact]
    public void A_candidate_takes_the_place_of_another()
    {
        Load(1);
        Load(2);
        Assert.Equal((0, 2L), (Models.Acting.Number, Models.Beside!.Number));
        Assert.Equal([2L], _cluster.State.ModelBytes.Keys);
    }

    private MetaResult Load(params byte[] onnx)
    {
        var result = _cluster.Apply(new LoadModel(onnx, "test", ByHand: false));
        Assert.True(result.Ok, result.Error);
        return result;
    }

    private void Move(ModelStep step, long number)
    {
        var result = _cluster.Apply(new MoveModel(step, number, "because"));
        Assert.True(result.Ok, result.Error);
    }

    private void Refused(string reason, MetaCommand command)
    {
        var before = (Models, _cluster.State.Events.Count);
        var result = _cluster.Apply(command);
        Assert.False(result.Ok);
        Assert.Contains(reason, result.Error);
        Assert.Equal(before, (Models, _cluster.State.Events.Count));
    }
}
