namespace ShardStore.Node.Bench;

/// <summary>What reading everything back found.</summary>
/// <param name="Keys">Keys with at least one acknowledged write.</param>
/// <param name="Lost">Keys whose value is older than their last acknowledged write, or gone.</param>
/// <param name="Unreadable">Keys that could not be read back, so nothing is known about them.</param>
/// <param name="Examples">Some of the lost ones, with what was expected and found.</param>
public sealed record VerifyOutcome(long Keys, long Lost, long Unreadable, IReadOnlyList<string> Examples);
