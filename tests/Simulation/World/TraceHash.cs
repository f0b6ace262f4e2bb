namespace ShardStore.Simulation.World;

/// <summary>One number for all that happened in a run: the same seed must give the same.</summary>
public sealed class TraceHash
{
    public ulong Value { get; private set; } = 14695981039346656037UL;

    public void Add(ulong word)
    {
        var mixed = (Value ^ word) * 0x9E3779B97F4A7C15UL;
        Value = mixed ^ (mixed >> 29);
    }

    public void Add(string text)
    {
        foreach (var character in text)
            Add(character);
    }
}
