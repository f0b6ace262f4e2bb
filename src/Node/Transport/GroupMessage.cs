using ShardStore.Raft;

namespace ShardStore.Node.Transport;

/// <summary>A consensus message and the group whose replicas exchange it. Group 0 is the meta group.</summary>
public readonly record struct GroupMessage(ulong Group, Message Message);
