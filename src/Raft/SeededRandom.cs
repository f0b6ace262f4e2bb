namespace ShardStore.Raft;

/// <summary>SplitMix64: tiny, and the same on every platform and runtime, so a run is a function of its seed.</summary>
internal struct SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A value in 0 .. below - 1; the bias is below 2^-40 for the ranges used here.</summary>
    public long Below(long below) => (long)(Next() % (ulong)below);
}
