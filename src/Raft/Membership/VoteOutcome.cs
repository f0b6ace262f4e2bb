namespace ShardStore.Raft;

internal enum VoteOutcome : byte
{
    Open,
    Won,
    Lost,
}
