using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ShardStore.Balancer;

namespace ShardStore.Node.Placement;

/// <summary>What can be done to the cluster's own state. Each is checked when applied, so that two proposers cannot
/// both win.</summary>
[JsonDerivedType(typeof(FoundCluster), "found")]
[JsonDerivedType(typeof(ReportLeaders), "leaders")]
[JsonDerivedType(typeof(StartMigration), "migrate")]
[JsonDerivedType(typeof(AdvanceMigration), "advance")]
[JsonDerivedType(typeof(SetReadPercent), "reads")]
[JsonDerivedType(typeof(SetPolicy), "policy")]
[JsonDerivedType(typeof(SetDraining), "drain")]
[JsonDerivedType(typeof(AppendHistory), "history")]
[JsonDerivedType(typeof(RecordEvent), "event")]
[JsonDerivedType(typeof(ReportNode), "node")]
[JsonDerivedType(typeof(AdmitNode), "admit")]
[JsonDerivedType(typeof(RemoveNode), "remove")]
[JsonDerivedType(typeof(LoadModel), "load-model")]
[JsonDerivedType(typeof(MoveModel), "move-model")]
[JsonDerivedType(typeof(NoteProposals), "proposals")]
[JsonDerivedType(typeof(ApproveRecommendation), "approve")]
[JsonDerivedType(typeof(KeepApproval), "keep-approval")]
[JsonDerivedType(typeof(EndApproval), "end-approval")]
[JsonDerivedType(typeof(VetoRecommendation), "veto")]
[JsonDerivedType(typeof(JudgeRecommendation), "judge")]
public abstract record MetaCommand;

/// <summary>The first command of a cluster: shards spread evenly over the slots and the nodes 1 to
/// <paramref name="NodeCount"/>, which report their addresses themselves.</summary>
public sealed record FoundCluster(string ClusterId, int NodeCount, int Shards, int Replicas) : MetaCommand;

public sealed record LeaderReport(int Shard, int Node, ulong Term);

/// <summary>Who won elections; an older term than the known one is ignored.</summary>
public sealed record ReportLeaders(ImmutableArray<LeaderReport> Leaders) : MetaCommand;

public sealed record StartMigration(MoveKind Kind, int Shard, int From, int To, string Reason, double Urgency)
    : MetaCommand
{
    /// <summary>Version of the policy that called for it; null: an operator did.</summary>
    public long? PolicyVersion { get; init; }

    /// <summary>The recommendation that it carries out; null: an operator asked for it.</summary>
    public RecommendedStart? Recommended { get; init; }
}

/// <summary>Refused unless the migration is in <paramref name="Expected"/> and the step is legal.</summary>
public sealed record AdvanceMigration(
    long Id, MigrationStage Expected, MigrationStage Next, long Bytes, ulong ContentHash, string Error) : MetaCommand;

/// <summary>Share of a moving shard's reads that clients should send to the destination.</summary>
public sealed record SetReadPercent(long Id, int Percent) : MetaCommand;

public sealed record SetPolicy(string Json) : MetaCommand
{
    /// <summary>Version that it takes the place of, refused when another came first; null = whichever is there.
    /// </summary>
    public long? Replaces { get; init; }
}

public sealed record SetDraining(int Node, bool Draining) : MetaCommand;

/// <summary>A compact batch of load roll-ups.</summary>
public sealed record AppendHistory(byte[] Batch) : MetaCommand
{
    /// <summary>From before, given by an operator; not what the controller has measured.</summary>
    public bool IsImport { get; init; }
}

public sealed record RecordEvent(string Kind, string Text) : MetaCommand;

/// <summary>A node's addresses, zone or capacity as it has started now.</summary>
public sealed record ReportNode(NodeRecord Node) : MetaCommand;

/// <summary>Takes a node into a founded cluster. Its number and id are the cluster's to give: the result's id is the
/// number. <paramref name="Nonce"/>: drawn by the node for this one entry, so that asking again is no second entry,
/// while a node that comes back with another disk is refused: it would have forgotten what it voted for.</summary>
public sealed record AdmitNode(NodeRecord Node, string Nonce) : MetaCommand;

/// <summary>Ends the membership of a node that holds nothing any more. Its number is never used again.</summary>
public sealed record RemoveNode(int Node) : MetaCommand;

/// <summary>A model for the demand forecaster, which first runs along beside the one that acts. The result's id is
/// its number.</summary>
/// <param name="Onnx">Its bytes, known to be a model that works.</param>
/// <param name="Note">What people call it.</param>
/// <param name="ByHand">True: the cluster neither promotes nor drops it by itself.</param>
public sealed record LoadModel(byte[] Onnx, string Note, bool ByHand) : MetaCommand;

/// <summary>Changes which model acts.</summary>
/// <param name="Step">What is done.</param>
/// <param name="Number">Model that the step is about, refused when it is another by now.</param>
/// <param name="Reason">For the record of events.</param>
public sealed record MoveModel(ModelStep Step, long Number, string Reason) : MetaCommand;

/// <summary>What a proposer hears. <paramref name="Id"/> is the migration's where one was started.</summary>
public sealed record MetaResult(bool Ok, string Error, long Id)
{
    public static readonly MetaResult Success = new(true, "", 0);

    /// <summary>False when nobody decided: there was no leader, or the outcome is not known.</summary>
    public bool IsFinal { get; init; } = true;

    public static MetaResult Refused(string error) => new(false, error, 0);

    public static MetaResult Undecided(string error) => new(false, error, 0) { IsFinal = false };
}

/// <summary>A command and the proposer's wall clock, so that applying needs none.</summary>
public sealed record MetaEnvelope(long AtMs, MetaCommand Command);
