using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>Takes the replies of an exchange. Exchanges with several nodes run at once, so it must be thread-safe.
/// </summary>
internal interface IBenchReplies
{
    void OnReply(BenchConnection connection, in BenchOperation operation, in RespReply reply);
}
