namespace ShardStore.Node.Placement;

/// <summary>A model of the demand forecaster. Number 0 is not stored: each node has it from its start, shipped with the
/// program or given by --model.</summary>
public sealed record ModelRecord(long Number, string Sha256, int Bytes, long LoadedMs, string Note, bool ByHand)
{
    public static readonly ModelRecord Shipped = new(0, "", 0, 0, "", ByHand: false);

    public override string ToString() =>
        Number == 0 ? "the model of the start" : Note.Length == 0 ? $"model {Number}" : $"model {Number} ({Note})";
}

/// <summary>What can be done with a model that was loaded.</summary>
public enum ModelStep
{
    /// <summary>The candidate acts; the model before runs beside it, as the one to go back to.</summary>
    Promote,

    /// <summary>The model before acts again; the one that acted is gone.</summary>
    RollBack,

    /// <summary>Whatever runs beside is gone: a candidate that did not convince, or a predecessor that is not needed
    /// any more.</summary>
    Drop,
}

/// <summary>The model that acts and the one that runs along beside it, if any: a candidate when its number is higher,
/// else the predecessor of the one that acts.</summary>
/// <param name="Next">Number of the next model; never used again.</param>
/// <param name="Acting">Its forecasts decide.</param>
/// <param name="Beside">Forecasts too, for comparison only.</param>
/// <param name="SinceMs">When it became so; unix time, 0 at the founding.</param>
public sealed record ModelSet(long Next, ModelRecord Acting, ModelRecord? Beside, long SinceMs)
{
    public static readonly ModelSet Founding = new(1, ModelRecord.Shipped, null, 0);

    public bool HasCandidate => Beside is { } beside && beside.Number > Acting.Number;

    public bool HasPredecessor => Beside is { } beside && beside.Number < Acting.Number;

    public bool Has(long number) => Acting.Number == number || Beside?.Number == number;

    public ModelSet WithCandidate(ModelRecord model, long nowMs) => new(model.Number + 1, Acting, model, nowMs);

    public ModelSet After(ModelStep step, long nowMs) => step switch
    {
        ModelStep.Promote => this with { Acting = Beside!, Beside = Acting, SinceMs = nowMs },
        ModelStep.RollBack => this with { Acting = Beside!, Beside = null, SinceMs = nowMs },
        _ => this with { Beside = null, SinceMs = nowMs },
    };
}
