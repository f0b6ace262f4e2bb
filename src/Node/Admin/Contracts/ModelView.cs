namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/model, and the answer to every change of it.</summary>
public sealed record ModelView
{
    /// <summary>The one whose forecasts decide.</summary>
    public required ModelEntryView Acting { get; init; }

    /// <summary>The one that runs along for comparison, if any.</summary>
    public ModelEntryView? Beside { get; init; }

    /// <summary>What the one beside is: "candidate", or "predecessor" of the one that acts.</summary>
    public string? BesideIs { get; init; }

    /// <summary>Since when it is so; 0: since the founding.</summary>
    public required long SinceUnixMs { get; init; }

    /// <summary>How the one beside does; null where nothing is compared, or the controller has yet to begin.</summary>
    public TrialView? Trial { get; init; }

    /// <summary>Why the one beside cannot run.</summary>
    public string? Problem { get; init; }
}

/// <summary>A model. Number 0 is that of each node's start.</summary>
public sealed record ModelEntryView(
    long Number, string Note, string Sha256, int Bytes, long LoadedUnixMs, bool ByHand);

/// <summary>What both models said of the same samples, an hour before at 5 minutes.</summary>
public sealed record TrialView
{
    /// <summary>"open", "better", "worse" or "alike": the one beside against the one that acts.</summary>
    public required string Outcome { get; init; }

    /// <summary>Stretches of <see cref="BlockSteps"/> samples compared.</summary>
    public required int Blocks { get; init; }

    public required int BlockSteps { get; init; }

    /// <summary>Below that nothing is said.</summary>
    public required int BlocksMin { get; init; }

    /// <summary>Difference of the losses in proportion to their mean; −0.1: the one beside loses a tenth less. Null
    /// before the first block.</summary>
    public double? Difference { get; init; }

    public double? StandardError { get; init; }
}

/// <summary>PUT /api/v1/model.</summary>
public sealed record ModelUpload
{
    /// <summary>ONNX, in base64.</summary>
    public required byte[] Onnx { get; init; }

    /// <summary>In hexadecimal digits; what does not match is refused.</summary>
    public required string Sha256 { get; init; }

    public string Note { get; init; } = "";

    /// <summary>True: only an operator promotes, drops or rolls back.</summary>
    public bool ByHand { get; init; }
}
