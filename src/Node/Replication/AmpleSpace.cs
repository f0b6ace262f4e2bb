namespace ShardStore.Node.Replication;

/// <summary>A disk that never fills: where stores and logs are in memory.</summary>
public sealed class AmpleSpace : IDiskSpace
{
    public static readonly AmpleSpace Instance = new();

    private AmpleSpace()
    {
    }

    public bool IsLow => false;
    public bool IsExhausted => false;
    public string Refusal => "";

    public bool HasRoomFor(long bytes) => true;
}
