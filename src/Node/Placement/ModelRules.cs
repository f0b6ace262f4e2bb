namespace ShardStore.Node.Placement;

/// <summary>What may be done with models, and how it is told.</summary>
internal static class ModelRules
{
    /// <summary>Three times the shipped one, and a request to the admin server in base64. A model is one entry of the
    /// log and stays in every node's memory.</summary>
    public const int BytesMax = 700 << 10;

    public const int NoteMax = 80;

    public static string? Refuse(ModelSet models, LoadModel load, string sha256)
    {
        if (load.Onnx.Length is 0 or > BytesMax)
            return $"model: has {load.Onnx.Length} bytes; allowed are 1 to {BytesMax}";
        if (load.Note.Length > NoteMax || load.Note.Any(char.IsControl))
            return $"note: must be at most {NoteMax} characters, none of them a control character";
        if (models.Acting.Sha256 == sha256)
            return $"these bytes are those of {models.Acting}, which acts already";
        if (models.HasPredecessor)
        {
            return $"{models.Acting} is on trial since it acts; let {models.Beside} go with `ctl model drop`, or go "
                + "back to it with `ctl model rollback`, and load then";
        }
        return models.Beside?.Sha256 == sha256
            ? $"these bytes are those of {models.Beside}, which runs along already"
            : null;
    }

    public static string? Refuse(ModelSet models, MoveModel move) => move.Step switch
    {
        ModelStep.Promote when !models.HasCandidate => "no model is on trial; load one with `ctl model load FILE`",
        ModelStep.RollBack when !models.HasPredecessor => "there is no model to go back to",
        ModelStep.Drop when models.Beside is null => "no model runs beside the one that acts",
        ModelStep.RollBack => Differs(models.Acting, move.Number),
        _ => Differs(models.Beside!, move.Number),
    };

    /// <summary>For the record of events.</summary>
    /// <param name="move">What was done.</param>
    /// <param name="models">What came of it.</param>
    public static string Tell(MoveModel move, ModelSet models)
    {
        var done = move.Step switch
        {
            ModelStep.Promote => $"{models.Acting} acts, {models.Beside} runs along",
            ModelStep.RollBack => $"back to {models.Acting}: model {move.Number} is gone",
            _ => $"model {move.Number} is gone, {models.Acting} stays",
        };
        return $"{done}: {move.Reason}";
    }

    private static string? Differs(ModelRecord now, long asked) =>
        now.Number == asked ? null : $"model {asked}: it is {now} by now; look again with `ctl model`";
}
