namespace ShardStore.Simulation.World;

/// <summary>Where inside a disk operation a process dies. <see cref="Before"/>: nothing of it is done.
/// <see cref="Torn"/>: the power fails in it: of a write some front part has got to the system, a sync has not ended,
/// anything else is done and not durable. <see cref="After"/>: it is done, and nobody hears of it.</summary>
public enum CutMoment { Before, Torn, After }

/// <summary>The process on a node dies in its disk's n-th operation, counted from 1.</summary>
public sealed record DiskCut(int Node, int Operation, CutMoment Moment);
