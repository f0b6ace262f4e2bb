namespace ShardStore.Node.Bench;

/// <summary>Which keys a load asks for.</summary>
public enum KeyDistribution
{
    /// <summary>All keys alike.</summary>
    Uniform,

    /// <summary>Few keys often, many seldom (exponent 0.99), spread over all slots.</summary>
    Zipf,

    /// <summary>Four operations of five go to the keys of one slot range, see <see cref="BenchOptions.HotSlotFirst"/>.
    /// </summary>
    Hotspot,
}
