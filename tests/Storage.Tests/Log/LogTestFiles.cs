using ShardStore.Storage.Files;
using ShardStore.Storage.Log;

namespace ShardStore.Storage.Tests.Log;

/// <summary>A log in a directory in memory, with short ways to fill it.</summary>
public sealed class LogTestFiles : IDisposable
{
    public const string Directory = "/log";

    public LogTestFiles(AppendLogOptions? options = null)
    {
        Options = options ?? new AppendLogOptions { SegmentBytes = 16 * 1024, Salt = 9 };
        Log = AppendLog.Open(Files, Directory, Options);
    }

    public AppendLogOptions Options { get; }
    public FaultyFileSystem Files { get; set; } = new();
    public AppendLog Log { get; private set; }
    public LogBatch Batch { get; } = new();

    public FaultyFile Segment(ulong number = 1) =>
        Files.Files.Single(file => file.Path == Path.Combine(Directory, $"{number:x16}.log"));

    public void Commit(Action<LogBatch> fill)
    {
        Batch.Clear();
        fill(Batch);
        Log.Commit(Batch);
    }

    public void Append(ulong stream, ulong from, ulong to, ulong tag = 1, int payloadBytes = 10) => Commit(batch =>
    {
        for (var position = from; position <= to; position++)
            batch.Append(stream, position, tag, 1, Payload(stream, position, payloadBytes));
    });

    public void Reopen()
    {
        Log.Dispose();
        Log = AppendLog.Open(Files, Directory, Options);
    }

    public static byte[] Payload(ulong stream, ulong position, int bytes)
    {
        var payload = new byte[bytes];
        for (var i = 0; i < bytes; i++)
            payload[i] = (byte)((stream * 31) + (position * 7) + (ulong)i);
        return payload;
    }

    public void Dispose() => Log.Dispose();
}
