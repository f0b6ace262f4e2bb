using System.Buffers;

namespace ShardStore.Micro;

/// <summary>One link of a chained sequence, as a pipe hands it out.</summary>
internal sealed class BufferSegment : ReadOnlySequenceSegment<byte>
{
    private BufferSegment(ReadOnlyMemory<byte> memory, long before)
    {
        Memory = memory;
        RunningIndex = before;
    }

    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, int segmentBytes)
    {
        var first = new BufferSegment(bytes[..segmentBytes], 0);
        var last = first;
        for (var at = segmentBytes; at < bytes.Length; at += segmentBytes)
        {
            var next = new BufferSegment(bytes.Slice(at, Math.Min(segmentBytes, bytes.Length - at)), at);
            last.Next = next;
            last = next;
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
