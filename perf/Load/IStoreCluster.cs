namespace ShardStore.Load;

/// <summary>Three processes of a store on this machine, to be measured; gone with their data at the end.</summary>
internal interface IStoreCluster : IAsyncDisposable
{
    string Name { get; }

    /// <summary>What was promised for a write when it is acknowledged: figures compare only under equal words.</summary>
    string Durability { get; }

    IReadOnlyList<string> Endpoints { get; }
}
