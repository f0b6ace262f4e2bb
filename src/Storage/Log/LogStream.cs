using System.Numerics;

namespace ShardStore.Storage.Log;

/// <summary>The index of one stream: a ring of slots for consecutive positions, its base and its state. While a log
/// is recovered slots may be absent, because entries that were moved forward come after their successors.</summary>
internal sealed class LogStream(ulong id)
{
    private const int SlotsKept = 1024;

    private LogSlot[] _slots = [];
    private int _head;
    private ulong _first = 1;
    private byte[] _state = [];

    public ulong Id { get; } = id;
    public ulong BasePosition { get; private set; }
    public ulong BaseTag { get; private set; }
    public LogSegment? BaseSegment { get; private set; }
    public LogSegment? StateSegment { get; private set; }
    public int StateBytes { get; private set; }
    public int Count { get; private set; }

    public ulong First => Count == 0 ? BasePosition + 1 : _first;
    public ulong Last => Count == 0 ? BasePosition : _first + (ulong)Count - 1;
    public ReadOnlySpan<byte> State => _state.AsSpan(0, StateBytes);

    public bool Holds(ulong position) => Count > 0 && position >= _first && position - _first < (ulong)Count;

    /// <summary>The position must be held.</summary>
    public ref LogSlot this[ulong position] => ref _slots[(_head + (int)(position - _first)) & (_slots.Length - 1)];

    /// <summary>Last position whose entry lies in a segment; 0 when none does.</summary>
    public ulong LastIn(LogSegment segment)
    {
        for (var position = Last; Holds(position); position--)
        {
            if (this[position].Segment == segment)
                return position;
        }
        return 0;
    }

    public bool TryGetTag(ulong position, out ulong tag)
    {
        tag = position == BasePosition ? BaseTag : 0;
        if (position == BasePosition)
            return true;
        if (!Holds(position) || this[position].Segment is null)
            return false;
        tag = this[position].Tag;
        return true;
    }

    /// <summary>Puts a slot at a position, in place of what is there; makes absent slots where it leaves a gap.
    /// </summary>
    public void Place(ulong position, in LogSlot slot)
    {
        if (Count == 0)
            _first = position;
        if (position < _first)
            GrowFront(_first - position);
        else if (position - _first >= (ulong)Count)
            GrowBack(position - _first + 1);
        ref var place = ref this[position];
        place.Release();
        place = slot;
        slot.Segment!.Retain(slot.RecordBytes);
    }

    public void DropFrom(ulong position)
    {
        while (Count > 0 && Last >= position)
        {
            Clear(ref this[Last]);
            Count--;
        }
    }

    public void DropThrough(ulong position)
    {
        while (Count > 0 && _first <= position)
        {
            Clear(ref this[_first]);
            _head = (_head + 1) & (_slots.Length - 1);
            _first++;
            Count--;
        }
        // A backlog that is gone must not hold its memory for ever.
        if (_slots.Length > SlotsKept && Count < _slots.Length / 8)
            Resize(SlotsKept);
    }

    public void SetBase(ulong position, ulong tag, LogSegment segment)
    {
        BaseSegment?.Release(LogFormat.RecordHeaderBytes);
        segment.Retain(LogFormat.RecordHeaderBytes);
        (BasePosition, BaseTag, BaseSegment) = (position, tag, segment);
    }

    public void SetState(ReadOnlySpan<byte> state, LogSegment segment)
    {
        StateSegment?.Release(LogFormat.RecordHeaderBytes + StateBytes);
        if (_state.Length < state.Length)
            _state = new byte[state.Length];
        state.CopyTo(_state);
        StateBytes = state.Length;
        StateSegment = segment;
        segment.Retain(LogFormat.RecordHeaderBytes + StateBytes);
    }

    /// <summary>Gives back everything; the stream must not be used afterwards.</summary>
    public void Drop()
    {
        DropFrom(0);
        BaseSegment?.Release(LogFormat.RecordHeaderBytes);
        StateSegment?.Release(LogFormat.RecordHeaderBytes + StateBytes);
    }

    private static void Clear(ref LogSlot slot)
    {
        slot.Release();
        slot = default;
    }

    private void GrowFront(ulong added)
    {
        EnsureCapacity((ulong)Count + added);
        _head = (_head - (int)added) & (_slots.Length - 1);
        _first -= added;
        Count += (int)added;
    }

    private void GrowBack(ulong count)
    {
        EnsureCapacity(count);
        Count = (int)count;
    }

    private void EnsureCapacity(ulong count)
    {
        if (count <= (ulong)_slots.Length)
            return;
        Resize(Math.Max(count, 8));
    }

    private void Resize(ulong count)
    {
        var length = BitOperations.RoundUpToPowerOf2(Math.Max(count, (ulong)Count));
        var slots = new LogSlot[checked((int)length)];
        for (var i = 0; i < Count; i++)
            slots[i] = _slots[(_head + i) & (_slots.Length - 1)];
        (_slots, _head) = (slots, 0);
    }
}
