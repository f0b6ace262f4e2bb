using ShardStore.Node.Routing;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>The one shard that a command's keys live on. Redis asks for one slot; one shard is enough here, because a
/// shard is what executes atomically.</summary>
internal readonly record struct ShardTarget(int ShardId, int Slot)
{
    /// <summary>Null when there is one; else the error to answer.</summary>
    public static string? Find(ShardMap map, CommandSpec spec, ArgumentList arguments, out ShardTarget target)
    {
        target = default;
        if (spec.Has(CommandFlags.MovableKeys))
        {
            var inner = CommandTable.Resolve(arguments = SessionCommands.InnerOf(arguments));
            if (inner is null || !inner.TakesCount(arguments.Count))
                return SessionCommands.InnerRefused;
            spec = inner;
        }
        for (var i = spec.Keys.First; i > 0 && i <= spec.Keys.LastIndex(arguments); i += spec.Keys.Step)
        {
            var error = target.Join(map, arguments[i], out target);
            if (error != null)
                return error;
        }
        return null;
    }

    /// <summary>Adds a key; the default target joins any shard.</summary>
    public string? Join(ShardMap map, ReadOnlySpan<byte> key, out ShardTarget joined)
    {
        joined = this;
        var slot = HashSlot.Of(key);
        var shard = map.ShardOfSlot(slot);
        if (shard == null)
            return RespErrorText.SlotNotServed;
        if (ShardId != 0 && ShardId != shard.Id)
            return RespErrorText.CrossSlot;
        if (ShardId == 0)
            joined = new ShardTarget(shard.Id, slot);
        return null;
    }
}
