using ShardStore.Storage;
using ShardStore.Storage.Files;
using ShardStore.Storage.Log;
using ShardStore.Storage.Tests.Log;

namespace ShardStore.Fuzz.Targets;

/// <summary>A segment of the append log, opened again after damage.</summary>
internal sealed class LogTarget : IFuzzTarget
{
    private const string Directory = "/log";
    private static readonly AppendLogOptions s_options = new() { SegmentBytes = 4096, Salt = 77 };
    private readonly List<string> _paths = [];

    public LogTarget()
    {
        var files = Written();
        var segments = files.Files.OrderBy(file => file.Path, StringComparer.Ordinal).ToArray();
        _paths.AddRange(segments.Select(file => file.Path));
        Corpus = [.. segments.Select(file => file.Bytes.ToArray())];
    }

    public string Name => "log";

    public IReadOnlyList<byte[]> Corpus { get; }

    public void Seal(byte[] input)
    {
        // Each batch has its checksum at a place that only the parser knows.
    }

    public bool Read(byte[] input)
    {
        // The damaged bytes take the place of the segment that they are most like.
        var victim = Enumerable.Range(0, _paths.Count).MaxBy(i => Alike(Corpus[i], input));
        var files = new FaultyFileSystem();
        files.CreateDirectory(Directory);
        for (var i = 0; i < _paths.Count; i++)
        {
            var bytes = i == victim ? input : Corpus[i];
            using var file = files.Create(_paths[i]);
            file.Preallocate(bytes.Length);
            file.WriteAt(0, bytes);
        }
        using var log = AppendLog.Open(files, Directory, s_options);
        return true;
    }

    public bool IsRefusal(Exception error) => error is StorageCorruptException or StorageVersionException;

    private static int Alike(byte[] one, byte[] other)
    {
        var alike = 0;
        for (var i = Math.Min(256, Math.Min(one.Length, other.Length)) - 1; i >= 0; i--)
            alike += one[i] == other[i] ? 1 : 0;
        return alike;
    }

    private static FaultyFileSystem Written()
    {
        var files = new FaultyFileSystem();
        var random = new Random(5);
        using var log = AppendLog.Open(files, Directory, s_options);
        var batch = new LogBatch();
        for (ulong position = 1; position < 40; position++)
        {
            batch.Clear();
            var payload = new byte[random.Next(300)];
            random.NextBytes(payload);
            batch.Append(1, position, 3, 1, payload);
            batch.Append(2, position, 4, 2, payload);
            batch.SetState(1, payload.AsSpan(0, Math.Min(20, payload.Length)));
            log.Commit(batch);
        }
        return files;
    }
}
