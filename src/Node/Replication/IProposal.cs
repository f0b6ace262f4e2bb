namespace ShardStore.Node.Replication;

/// <summary>Someone who waits for an entry. Exactly one of two things happens to it on the loop: the group's machine
/// applies the entry and answers, or the entry is known never to be applied.</summary>
public interface IProposal
{
    /// <summary>Another entry was committed in its place: surely not done, and it may be tried again.</summary>
    void OnLost();

    /// <summary>The replica stops waiting: the entry may still be applied by others. The outcome is unknown.</summary>
    void OnAbandoned();
}
