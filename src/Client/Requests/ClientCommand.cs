using System.Text;
using ShardStore.Resp;

namespace ShardStore.Client.Requests;

/// <summary>How a command may be tried again when its answer got lost.</summary>
internal enum CommandKind : byte
{
    /// <summary>Changes nothing: any number of tries. May go to a replica.</summary>
    Read,

    /// <summary>Changes a key: tried again only under an identity, or when it was surely not sent.</summary>
    Write,

    /// <summary>Unknown to us: tried again only when it was surely not sent, and never wrapped.</summary>
    Other,
}

/// <summary>A command and its arguments, by reference to the caller's memory. Four arguments are held inline, so
/// that the usual commands cost no array.</summary>
internal readonly struct ClientCommand
{
    internal required byte[] Name { get; init; }
    internal required CommandKind Kind { get; init; }

    /// <summary>0 to 16383, or -1 when any node will do.</summary>
    internal required int Slot { get; init; }

    /// <summary>Arguments behind the name, the inline ones and <see cref="Rest"/> together.</summary>
    internal required int ArgumentCount { get; init; }

    internal ReadOnlyMemory<byte> First { get; init; }
    internal ReadOnlyMemory<byte> Second { get; init; }
    internal ReadOnlyMemory<byte> Third { get; init; }
    internal ReadOnlyMemory<byte> Fourth { get; init; }
    internal ReadOnlyMemory<byte>[]? Rest { get; init; }

    internal string NameText => Encoding.ASCII.GetString(Name);

    internal static ClientCommand OnKey(byte[] name, CommandKind kind, KvBytes key) => new()
    {
        Name = name,
        Kind = kind,
        Slot = HashSlot.Of(key.Span),
        ArgumentCount = 1,
        First = key.Memory,
    };

    internal static ClientCommand OnNode(byte[] name, params ReadOnlyMemory<byte>[] arguments) => new()
    {
        Name = name,
        Kind = CommandKind.Read,
        Slot = -1,
        ArgumentCount = arguments.Length,
        Rest = arguments,
    };

    internal ClientCommand With(ReadOnlyMemory<byte> argument) => ArgumentCount switch
    {
        1 => this with { Second = argument, ArgumentCount = 2 },
        2 => this with { Third = argument, ArgumentCount = 3 },
        3 => this with { Fourth = argument, ArgumentCount = 4 },
        _ => this with { Rest = [.. Rest ?? [], argument], ArgumentCount = ArgumentCount + 1 },
    };

    /// <summary>Writes the request; under an identity inside the exactly-once wrapper.</summary>
    internal void WriteTo(RespWriter writer, RequestIdentity identity)
    {
        if (identity.IsNone)
        {
            writer.WriteArrayHeader(ArgumentCount + 1);
        }
        else
        {
            writer.WriteArrayHeader(ArgumentCount + 5);
            writer.WriteBulk(CommandNames.Once);
            WriteNumber(writer, identity.ClientId);
            WriteNumber(writer, identity.Lane);
            WriteNumber(writer, identity.Request);
        }
        writer.WriteBulk(Name);
        WriteArguments(writer);
    }

    private void WriteArguments(RespWriter writer)
    {
        var rest = Rest ?? [];
        var inline = ArgumentCount - rest.Length;
        if (inline > 0)
            writer.WriteBulk(First.Span);
        if (inline > 1)
            writer.WriteBulk(Second.Span);
        if (inline > 2)
            writer.WriteBulk(Third.Span);
        if (inline > 3)
            writer.WriteBulk(Fourth.Span);
        foreach (var argument in rest)
            writer.WriteBulk(argument.Span);
    }

    private static void WriteNumber(RespWriter writer, ulong number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var length);
        writer.WriteBulk(digits[..length]);
    }
}
