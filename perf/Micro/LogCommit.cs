using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FASTER.core;
using ShardStore.Storage.Files;
using ShardStore.Storage.Log;

namespace ShardStore.Micro;

/// <summary>One durable commit of a 128-byte entry for each of many streams: our log, FASTER's log shared by all
/// streams (entries tagged, no index), and one of FASTER's logs a stream. Each ends on stable storage. Run on a disk
/// that is not tmpfs: TMPDIR names it.</summary>
[MemoryDiagnoser]
[Config(typeof(FewLongRounds))]
public class LogCommit
{
    private readonly byte[] _payload = new byte[128];
    private readonly LogBatch _batch = new();
    private string _directory = "";
    private AppendLog? _ours;
    private FasterLog[] _fasters = [];
    private ulong _position;

    [Params(1, 64)]
    public int Streams { get; set; }

    [GlobalSetup(Target = nameof(AppendLogCommit))]
    public void OpenOurs()
    {
        _directory = Directory.CreateTempSubdirectory("shardstore-bench-").FullName;
        _ours = AppendLog.Open(DiskFileSystem.Instance, _directory, new AppendLogOptions());
    }

    [GlobalSetup(Target = nameof(FasterLogShared))]
    public void OpenShared() => OpenFasters(1);

    [GlobalSetup(Target = nameof(FasterLogPerStream))]
    public void OpenPerStream() => OpenFasters(Streams);

    [GlobalCleanup]
    public void Close()
    {
        _ours?.Dispose();
        foreach (var log in _fasters)
            log.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public ulong AppendLogCommit()
    {
        _batch.Clear();
        _position++;
        for (var stream = 1UL; stream <= (ulong)Streams; stream++)
            _batch.Append(stream, _position, 1, 1, _payload);
        _ours!.Commit(_batch);
        return _position;
    }

    [Benchmark]
    public long FasterLogShared()
    {
        for (var i = 0; i < Streams; i++)
            _fasters[0].Enqueue(_payload);
        _fasters[0].Commit(spinWait: true);
        return _fasters[0].CommittedUntilAddress;
    }

    [Benchmark]
    public long FasterLogPerStream()
    {
        foreach (var log in _fasters)
        {
            log.Enqueue(_payload);
            log.Commit();
        }
        foreach (var log in _fasters)
            log.WaitForCommit();
        return _fasters[0].CommittedUntilAddress;
    }

    private void OpenFasters(int count)
    {
        _directory = Directory.CreateTempSubdirectory("shardstore-bench-").FullName;
        _fasters = new FasterLog[count];
        for (var i = 0; i < count; i++)
        {
            var device = Devices.CreateLogDevice(Path.Combine(_directory, $"{i}", "log"));
            var settings = new FasterLogSettings { LogDevice = device, MemorySizeBits = 18, PageSizeBits = 14 };
            _fasters[i] = new FasterLog(settings);
        }
    }

    // A commit takes milliseconds and varies with the disk: single calls are timed, in this process.
    private sealed class FewLongRounds : ManualConfig
    {
        public FewLongRounds() => AddJob(Job.Default
            .WithStrategy(RunStrategy.Monitoring)
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(3)
            .WithIterationCount(30));
    }
}
