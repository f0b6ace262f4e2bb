namespace ShardStore.Raft;

/// <summary>What became of a proposal. Only <see cref="Ok"/> appended an entry.</summary>
public enum ProposeResult : byte
{
    Ok = 0,
    NotLeader = 1,
    /// <summary>Too much is proposed and not yet applied: try again later.</summary>
    Overloaded = 2,
    /// <summary>Leadership is being handed over: ask again when the next leader is known.</summary>
    Transferring = 3,
    /// <summary>An earlier membership change is not applied yet, or no entry of this term is committed yet.</summary>
    ChangeInFlight = 4,
    /// <summary>The membership change is malformed, changes nothing, or would leave no voter.</summary>
    Invalid = 5,
}
