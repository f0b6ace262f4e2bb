using System.Globalization;
using System.Text;
using ShardStore.Storage.Log;

namespace ShardStore.Storage.Tests.Log;

/// <summary>What an append log promises, in its plainest form, and a text of either to compare them by.</summary>
public sealed class LogModel
{
    private readonly SortedDictionary<ulong, ModelStream> _streams = [];

    public LogModel Clone()
    {
        var clone = new LogModel();
        foreach (var (id, stream) in _streams)
            clone._streams[id] = stream.Clone();
        return clone;
    }

    public ulong BaseOf(ulong stream) => _streams.TryGetValue(stream, out var found) ? found.Base : 0;

    public ulong LastOf(ulong stream) => _streams.TryGetValue(stream, out var found) ? found.Last : 0;

    public ulong TagOf(ulong stream, ulong position) =>
        !_streams.TryGetValue(stream, out var found) ? 0
        : position == found.Base ? found.BaseTag
        : found.Entries[(int)(position - found.Base - 1)].Tag;

    public void Append(ulong stream, ulong position, ulong tag, byte kind, byte[] payload)
    {
        var found = Find(stream);
        found.Entries.RemoveRange((int)(position - found.Base - 1), (int)(found.Last - position + 1));
        found.Entries.Add((tag, kind, payload));
    }

    public void SetState(ulong stream, byte[] state) => Find(stream).State = state;

    public void SetBase(ulong stream, ulong position, ulong tag)
    {
        var found = Find(stream);
        var isHeld = position >= found.Base && position <= found.Last && TagOf(stream, position) == tag;
        if (isHeld)
            found.Entries.RemoveRange(0, (int)(position - found.Base));
        else
            found.Entries.Clear();
        (found.Base, found.BaseTag) = (position, tag);
    }

    public void Drop(ulong stream) => _streams.Remove(stream);

    public string Describe()
    {
        var text = new StringBuilder();
        foreach (var (id, stream) in _streams)
        {
            Header(text, id, stream.Base, stream.BaseTag, stream.State);
            for (var i = 0; i < stream.Entries.Count; i++)
                Entry(text, stream.Base + (ulong)i + 1, stream.Entries[i]);
        }
        return text.ToString();
    }

    public static string Describe(AppendLog log)
    {
        var text = new StringBuilder();
        var records = new List<LogRecord>();
        foreach (var id in log.Streams())
        {
            var (position, tag) = log.Base(id);
            Header(text, id, position, tag, log.State(id).Span);
            records.Clear();
            if (log.LastPosition(id) >= log.FirstPosition(id))
                log.Read(id, log.FirstPosition(id), log.LastPosition(id), long.MaxValue, records);
            foreach (var record in records)
                Entry(text, record.Position, (record.Tag, record.Kind, record.Payload.ToArray()));
        }
        return text.ToString();
    }

    private static void Header(StringBuilder text, ulong id, ulong position, ulong tag, ReadOnlySpan<byte> state) =>
        text.Append(CultureInfo.InvariantCulture, $"stream {id} base {position}/{tag} state ")
            .Append(Convert.ToHexString(state)).Append('\n');

    private static void Entry(StringBuilder text, ulong position, (ulong Tag, byte Kind, byte[] Payload) entry) =>
        text.Append(CultureInfo.InvariantCulture, $"  {position}/{entry.Tag} {entry.Kind} ")
            .Append(Convert.ToHexString(entry.Payload)).Append('\n');

    private ModelStream Find(ulong id)
    {
        if (!_streams.TryGetValue(id, out var stream))
            _streams[id] = stream = new ModelStream();
        return stream;
    }

    private sealed class ModelStream
    {
        public ulong Base { get; set; }
        public ulong BaseTag { get; set; }
        public byte[] State { get; set; } = [];
        public List<(ulong Tag, byte Kind, byte[] Payload)> Entries { get; private init; } = [];
        public ulong Last => Base + (ulong)Entries.Count;

        public ModelStream Clone() => new()
        {
            Base = Base,
            BaseTag = BaseTag,
            State = State,
            Entries = [.. Entries],
        };
    }
}
