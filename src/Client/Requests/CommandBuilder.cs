using System.Globalization;
using System.Text;
using ShardStore.Resp;

namespace ShardStore.Client.Requests;

/// <summary>Builds the commands that need more than a name and a key, and refuses arguments that make no sense.
/// </summary>
internal static class CommandBuilder
{
    internal static ClientCommand Set(KvBytes key, KvBytes value, SetOptions options)
    {
        var command = ClientCommand.OnKey(CommandNames.Set, CommandKind.Write, key).With(value.Memory);
        if (options is { TimeToLive: not null, KeepTimeToLive: true })
            throw new ArgumentException("TimeToLive and KeepTimeToLive exclude each other", nameof(options));
        if (options.TimeToLive is { } timeToLive)
            command = command.With(CommandNames.Milliseconds).With(Milliseconds(timeToLive));
        if (options.KeepTimeToLive)
            command = command.With(CommandNames.KeepTimeToLive);
        return options.Condition switch
        {
            SetCondition.IfAbsent => command.With(CommandNames.IfAbsent),
            SetCondition.IfPresent => command.With(CommandNames.IfPresent),
            _ => command,
        };
    }

    internal static ClientCommand CompareAndSet(KvBytes key, long expectedVersion, KvBytes value, TimeSpan? timeToLive)
    {
        if (expectedVersion < 0)
            throw new ArgumentOutOfRangeException(
                nameof(expectedVersion), expectedVersion, $"version {expectedVersion} is negative; 0 means absent");
        var command = ClientCommand.OnKey(CommandNames.CompareAndSet, CommandKind.Write, key)
            .With(Digits(expectedVersion)).With(value.Memory);
        return timeToLive is { } limit
            ? command.With(CommandNames.Milliseconds).With(Milliseconds(limit))
            : command;
    }

    internal static ClientCommand Raw(RawCommand raw)
    {
        if (string.IsNullOrEmpty(raw.Name))
            throw new ArgumentException("the command has no name", nameof(raw));
        if (raw.KeyIndex < -1 || raw.KeyIndex >= Math.Max(raw.Arguments.Count, 1))
            throw new ArgumentOutOfRangeException(
                nameof(raw), raw.KeyIndex,
                $"KeyIndex {raw.KeyIndex} is not -1 or an index of the {raw.Arguments.Count} arguments");
        var slot = raw.KeyIndex >= 0 && raw.Arguments.Count > 0
            ? HashSlot.Of(raw.Arguments[raw.KeyIndex].Span)
            : -1;
        return new ClientCommand
        {
            Name = Encoding.ASCII.GetBytes(raw.Name),
            Kind = KindOf(raw.Kind),
            Slot = slot,
            ArgumentCount = raw.Arguments.Count,
            Rest = [.. raw.Arguments.Select(a => a.Memory)],
        };
    }

    internal static ClientCommand Scan(ReadOnlyMemory<byte> cursor, ScanOptions options)
    {
        var pageSize = options.PageSize == 0 ? 1000 : options.PageSize;
        if (pageSize is < 1 or > 1_000_000)
            throw new ArgumentOutOfRangeException(
                nameof(options), pageSize, $"PageSize {pageSize} is not in 1 to 1,000,000");
        return options.Pattern is null
            ? ClientCommand.OnNode(CommandNames.Scan, cursor, CommandNames.Count, Digits(pageSize))
            : ClientCommand.OnNode(
                CommandNames.Scan, cursor, CommandNames.Match, Encoding.UTF8.GetBytes(options.Pattern),
                CommandNames.Count, Digits(pageSize));
    }

    internal static byte[] Milliseconds(TimeSpan time)
    {
        var wholeMs = (long)time.TotalMilliseconds;
        if (wholeMs < 1)
            throw new ArgumentOutOfRangeException(
                nameof(time), time, $"time to live {time} is less than a millisecond; delete the key instead");
        return Digits(wholeMs);
    }

    internal static byte[] Digits(long number) =>
        Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static CommandKind KindOf(RawCommandKind kind) => kind switch
    {
        RawCommandKind.Read => CommandKind.Read,
        RawCommandKind.Write => CommandKind.Write,
        _ => CommandKind.Other,
    };
}
