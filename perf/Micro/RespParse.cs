using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using ShardStore.Resp;

namespace ShardStore.Micro;

/// <summary>A pipeline of 1,000 SETs of 100 bytes as it comes off a socket: in one piece, or in segments of 4 KiB,
/// which cut requests anywhere. A time is that of one request.</summary>
[MemoryDiagnoser]
public class RespParse
{
    private const int Requests = 1_000;
    private const int SegmentBytes = 4096;
    private readonly RespArguments _arguments = new();
    private readonly RespRequestReader _reader = new();
    private ReadOnlySequence<byte> _whole;
    private ReadOnlySequence<byte> _cut;

    [GlobalSetup]
    public void Build()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Requests; i++)
            text.Append($"*3\r\n$3\r\nSET\r\n$16\r\nkey:{i:D12}\r\n$100\r\n").Append('x', 100).Append("\r\n");
        var bytes = Encoding.ASCII.GetBytes(text.ToString());
        _whole = new ReadOnlySequence<byte>(bytes);
        _cut = BufferSegment.Cut(bytes, SegmentBytes);
    }

    [Benchmark(OperationsPerInvoke = Requests)]
    public int InOnePiece() => Parse(_whole);

    [Benchmark(OperationsPerInvoke = Requests)]
    public int InSegments() => Parse(_cut);

    private int Parse(ReadOnlySequence<byte> input)
    {
        var bytes = 0;
        while (_reader.Read(ref input, _arguments) == RespReadResult.Request)
            bytes += _arguments.ByteCount;
        return bytes;
    }
}
