using BenchmarkDotNet.Attributes;
using ShardStore.Raft;

namespace ShardStore.Micro;

/// <summary>The core alone: an entry of 100 bytes from its proposal to its commit on three replicas, without a wire or
/// a disk. <see cref="Batch"/> entries are proposed before the messages flow; a time is that of one entry.</summary>
[MemoryDiagnoser]
public class RaftPropose
{
    private const int Entries = 256;
    private readonly byte[] _payload = new byte[100];
    private MemoryGroup _group = null!;

    [Params(1, 16, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Elect() => _group = new MemoryGroup(replicas: 3);

    [Benchmark(OperationsPerInvoke = Entries)]
    public ulong Commit()
    {
        for (var done = 0; done < Entries; done += Batch)
        {
            for (var i = 0; i < Batch; i++)
                _group.Propose(_payload);
            _group.Settle();
        }
        return _group.Commit;
    }
}
