using ShardStore.Resp;
using ShardStore.Storage;

namespace ShardStore.Node.Commands;

/// <summary>Takes the live user keys of a scan that match, already as RESP.</summary>
internal sealed class KeyCollector : IRecordVisitor
{
    private readonly Keyspace _keys;
    private readonly byte[]? _pattern;
    private readonly bool _takesNone;
    private readonly RespWriter _found = new(1024);
    private readonly List<int> _starts = [];

    public KeyCollector(Keyspace keys, ArgumentList arguments, ScanOptions options)
    {
        _keys = keys;
        _takesNone = options.OnlyOtherTypes;
        var pattern = options.PatternIndex > 0 ? arguments[options.PatternIndex] : "*"u8;
        _pattern = pattern.SequenceEqual("*"u8) ? null : pattern.ToArray();
    }

    public int Count => _starts.Count;

    public void Visit(
        KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs, ulong sequence)
    {
        if (space != KeySpace.User || _takesNone || _keys.IsExpired(expireAtMs))
            return;
        if (_pattern != null && !Glob.IsMatch(_pattern, key))
            return;
        _starts.Add(_found.Length);
        _found.WriteBulk(key);
    }

    public void WriteTo(RespWriter reply)
    {
        reply.WriteArrayHeader(Count);
        reply.WriteRaw(_found.Written);
    }

    public void WriteOne(RespWriter reply, Random random)
    {
        if (Count == 0)
        {
            reply.WriteNull();
            return;
        }
        var place = random.Next(Count);
        var end = place + 1 < Count ? _starts[place + 1] : _found.Length;
        reply.WriteRaw(_found.Written[_starts[place]..end]);
    }
}
