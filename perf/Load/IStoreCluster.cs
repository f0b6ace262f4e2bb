namespace ShardStore.Load;

/// <summary>Three processes of a store on this machine, to be measured; gone with their data at the end.</summary>
internal interface IStoreCluster : IAsyncDisposable
{
    string Name { get; }

    /// <summary>What an acknowledged write is promised: figures compare only under equal words.</summary>
    string Durability { get; }

    IReadOnlyList<string> Endpoints { get; }
}
