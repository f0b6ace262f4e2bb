using FASTER.core;

namespace ShardStore.Storage.Faster;

/// <summary>FASTER's callbacks. A value is overwritten in place only by one of the same length: FASTER finds the next
/// record by the length of this one.</summary>
internal sealed class KeyValueFunctions : FunctionsBase<SpanByte, SpanByte, byte, ReadSink, Empty>
{
    public override bool SingleReader(ref SpanByte key, ref byte input, ref SpanByte value, ref ReadSink dst,
        ref ReadInfo readInfo)
    {
        dst.Take(key.AsReadOnlySpan(), value.AsReadOnlySpan());
        return true;
    }

    public override bool ConcurrentReader(ref SpanByte key, ref byte input, ref SpanByte value, ref ReadSink dst,
        ref ReadInfo readInfo)
    {
        dst.Take(key.AsReadOnlySpan(), value.AsReadOnlySpan());
        return true;
    }

    public override void ReadCompletionCallback(ref SpanByte key, ref byte input, ref ReadSink output, Empty ctx,
        Status status, RecordMetadata recordMetadata)
    {
        output.Status = status;
        output.Address = recordMetadata.Address;
    }

    public override bool SingleWriter(ref SpanByte key, ref byte input, ref SpanByte src, ref SpanByte dst,
        ref ReadSink output, ref UpsertInfo upsertInfo, WriteReason reason)
    {
        src.CopyTo(ref dst);
        return true;
    }

    public override bool ConcurrentWriter(ref SpanByte key, ref byte input, ref SpanByte src, ref SpanByte dst,
        ref ReadSink output, ref UpsertInfo upsertInfo)
    {
        if (src.Length != dst.Length || StoredKey.IsPad(key.AsReadOnlySpan()))
            return false;
        src.CopyTo(ref dst);
        return true;
    }

    /// <summary>The base class would write a whole struct here, 12 bytes, where a tombstone has room for 8.</summary>
    public override bool SingleDeleter(ref SpanByte key, ref SpanByte value, ref DeleteInfo deleteInfo)
    {
        value.Length = 0;
        return true;
    }

    /// <summary>The value keeps its length under a tombstone: a shorter one would let scans and recovery take the rest
    /// of it for the next record.</summary>
    public override bool ConcurrentDeleter(ref SpanByte key, ref SpanByte value, ref DeleteInfo deleteInfo) => true;
}
