using ShardStore.Resp;

namespace ShardStore.Client.Requests;

/// <summary>What each reply means, in the words of the public methods. All are static, so that passing one costs no
/// allocation.</summary>
internal static class ReplyReading
{
    internal static readonly Func<RespReply, KvResult<bool>> AsSet = static reply =>
        reply.IsNull ? new KvResult<bool>(KvOutcome.NotDone, false, null) : Done(true);

    internal static readonly Func<RespReply, KvResult<bool>> AsFlag = static reply => Done(reply.Integer != 0);

    internal static readonly Func<RespReply, KvResult<long>> AsNumber = static reply => Done(Number(reply));

    internal static readonly Func<RespReply, KvResult<RespReply>> AsIs = static reply => Done(reply);

    /// <summary>A number is the new version; a pair of null and number is a conflict with the current one.</summary>
    internal static readonly Func<RespReply, KvResult<long>> AsCompareAndSet = static reply =>
    {
        if (reply.Kind == RespReplyKind.Integer)
            return Done(reply.Integer);
        var items = reply.Items.Span;
        if (items.Length == 2)
            return new KvResult<long>(KvOutcome.NotDone, Number(items[1]), null);
        throw Unexpected("SHARDSTORE.CAS", reply, mayHaveRun: true);
    };

    internal static KvBytes? Value(in RespReply reply) => reply.IsNull ? (KvBytes?)null : new KvBytes(reply.Bytes);

    internal static VersionedValue Versioned(in RespReply reply)
    {
        var items = reply.Items.Span;
        return items.Length == 2
            ? new VersionedValue(Value(items[0]), Number(items[1]))
            : throw Unexpected("SHARDSTORE.GETV", reply, mayHaveRun: false);
    }

    internal static ClientException Unexpected(string command, in RespReply reply, bool mayHaveRun) =>
        new(ClientErrorKind.Protocol, $"{command} was answered with {reply.Kind} '{reply}'", mayHaveRun);

    internal static long Number(in RespReply reply) => reply.TryGetInteger(out var number)
        ? number
        : throw Unexpected("a command that returns a number", reply, mayHaveRun: true);

    private static KvResult<T> Done<T>(T value) => new(KvOutcome.Done, value, null);
}
