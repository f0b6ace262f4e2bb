using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>What a batch consists of and what is done with its outcomes. Outcomes come from several threads.</summary>
internal interface IBenchCommands
{
    int SlotOf(long key);

    void Write(in BenchOperation operation, RespWriter output);

    void OnDone(in BenchOperation operation, in RespReply reply, long micros);

    void OnFailed(in BenchOperation operation, bool mayHaveRun);
}
