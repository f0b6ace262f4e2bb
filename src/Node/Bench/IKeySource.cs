namespace ShardStore.Node.Bench;

/// <summary>Chooses keys by number and spells them. Shared by all workers, so it holds no random state of its own.
/// </summary>
internal interface IKeySource
{
    /// <summary>Keys are numbered from 0 to one less than this.</summary>
    long KeyCount { get; }

    long NextKey(Random random, double elapsedS);

    /// <summary>Writes the key's name; returns its length in bytes.</summary>
    int Format(long key, Span<byte> into);
}
