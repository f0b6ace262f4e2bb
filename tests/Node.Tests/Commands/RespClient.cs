using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ShardStore.Resp;

namespace ShardStore.Node.Tests.Commands;

/// <summary>A client of few words: sends, and shows each reply as one line of text.</summary>
internal sealed class RespClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TcpClient _tcp;
    private readonly BufferedStream _stream;

    private RespClient(TcpClient tcp)
    {
        _tcp = tcp;
        _tcp.ReceiveTimeout = (int)Deadline.TotalMilliseconds;
        _stream = new BufferedStream(tcp.GetStream(), 64 * 1024);
    }

    public static Task<RespClient> ConnectAsync(int port) => ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));

    public static async Task<RespClient> ConnectAsync(IPEndPoint endpoint)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(endpoint);
        return new RespClient(tcp);
    }

    public Socket Socket => _tcp.Client;

    /// <summary>Sends a command given as words (quotes as in an inline command) and shows the reply.</summary>
    public string Call(string line)
    {
        var arguments = new RespArguments();
        Assert.True(Words(line, arguments));
        Send(arguments);
        return Read();
    }

    public string Call(params byte[][] arguments)
    {
        var list = new RespArguments();
        foreach (var argument in arguments)
            list.Add(argument);
        Send(list);
        return Read();
    }

    public void Send(RespArguments arguments) => SendRaw(Encode(arguments));

    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        var socket = _tcp.Client;
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }

    public void SendRaw(string text) => SendRaw(Encoding.Latin1.GetBytes(text));

    public static byte[] Encode(RespArguments arguments)
    {
        var writer = new RespWriter();
        writer.WriteArrayHeader(arguments.Count);
        for (var i = 0; i < arguments.Count; i++)
            writer.WriteBulk(arguments[i]);
        return writer.Written.ToArray();
    }

    public static byte[] Encode(string line)
    {
        var arguments = new RespArguments();
        Assert.True(Words(line, arguments));
        return Encode(arguments);
    }

    /// <summary>One reply: +OK, -ERR …, :1, "bulk", nil, [a, b], {k: v}, closed.</summary>
    public string Read()
    {
        var type = _stream.ReadByte();
        if (type < 0)
            return "closed";
        var line = ReadLine();
        var count = type is '$' or '*' or '%' or '~' or '>' or '=' ? int.Parse(line, CultureInfo.InvariantCulture) : 0;
        return (char)type switch
        {
            '+' or '-' or ':' => (char)type + line,
            '_' => "nil",
            _ when count < 0 => "nil",
            '$' or '=' => "\"" + ReadBulk(count) + "\"",
            '%' => "{" + string.Join(", ", Enumerable.Range(0, count).Select(_ => $"{Read()}: {Read()}")) + "}",
            '*' or '~' => "[" + string.Join(", ", Enumerable.Range(0, count).Select(_ => Read())) + "]",
            '>' => ">[" + string.Join(", ", Enumerable.Range(0, count).Select(_ => Read())) + "]",
            _ => throw new InvalidDataException($"Not RESP: {(char)type}{line}"),
        };
    }

    public void Dispose() => _tcp.Dispose();

    private string ReadBulk(int count)
    {
        var bytes = new byte[count + 2];
        _stream.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes, 0, count);
    }

    private string ReadLine()
    {
        var line = new StringBuilder();
        for (var c = _stream.ReadByte(); c != '\r'; c = _stream.ReadByte())
            line.Append(c < 0 ? throw new EndOfStreamException() : (char)c);
        _stream.ReadByte();
        return line.ToString();
    }

    private static bool Words(string line, RespArguments into)
    {
        var input = new System.Buffers.ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(line + "\n"));
        return new RespRequestReader().Read(ref input, into) == RespReadResult.Request;
    }
}
