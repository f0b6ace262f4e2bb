namespace ShardStore.Balancer.Simulation;

/// <summary>Random numbers by place instead of by order: the draw for a shard, a tick or a node is the same whichever
/// other draws are made, so that strategies meet the same noise and nothing has to be stored. SplitMix64's finalizer
/// (Steele, Lea and Flood 2014, fig. 16).</summary>
internal static class SeededDraw
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    public static ulong Mix(ulong value)
    {
        value += Golden;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    public static ulong Mix(ulong seed, long first, long second = 0) =>
        Mix(Mix(seed ^ Mix((ulong)first)) ^ (ulong)second);

    /// <summary>From 0 to below 1.</summary>
    public static double Uniform(ulong draw) => (draw >> 11) * (1.0 / (1UL << 53));

    /// <summary>About normal with mean 0 and deviation 1, never beyond ±3.5: the sum of the draw's four parts, which
    /// costs no logarithm.</summary>
    public static double Normal(ulong draw)
    {
        var sum = (draw & 0xFFFF) + ((draw >> 16) & 0xFFFF) + ((draw >> 32) & 0xFFFF) + (draw >> 48);
        return ((sum / 65_536.0) - 2) * 1.7320508075688772;
    }
}
