using System.Collections;

namespace ShardStore.Balancer;

/// <summary>
/// The newest samples of one series on a regular grid, oldest first, of a fixed length. A step that nobody sampled,
/// or a value that is no number, repeats the last value: forecasters then need no gap rules of their own, and
/// <see cref="FilledCount"/> and <see cref="IsFilled"/> tell what of it is invented.
/// </summary>
public sealed class LoadHistory
{
    public const int CapacityMax = 1 << 20;

    // Twice the capacity: samples slide through it and move to the front once per `capacity` appends. A plain ring
    // would save half the memory, but every forecaster wants one contiguous span and would copy it each round.
    // Made that long only when it is needed: many histories never outgrow their capacity.
    private double[] _slots;

    // One bit a grid position, by position modulo the capacity: those of the newest samples, whatever slides.
    private readonly BitArray _filled;
    private int _start;

    public LoadHistory(int capacity)
    {
        if (capacity is < 1 or > CapacityMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity, $"A load history holds 1 to {CapacityMax} samples.");
        }

        Capacity = capacity;
        _slots = new double[capacity];
        _filled = new BitArray(capacity);
    }

    public int Capacity { get; }

    public int Count { get; private set; }

    /// <summary>Samples ever appended, filled ones included.</summary>
    public long AppendedCount { get; private set; }

    /// <summary>Samples ever appended that repeat an older value because none was taken.</summary>
    public long FilledCount { get; private set; }

    /// <summary>Grid position of the newest sample: it tells a reader how much is new since it last looked.
    /// Meaningless while <see cref="Count"/> is 0.</summary>
    public long LastStep { get; private set; }

    /// <summary>The samples, oldest first; valid until the next append.</summary>
    public ReadOnlyMemory<double> Samples => _slots.AsMemory(_start, Count);

    public ReadOnlySpan<double> Values => _slots.AsSpan(_start, Count);

    /// <summary>Whether the sample of a grid position that the history still holds repeats an older one because none
    /// was taken: it is no evidence of anything.</summary>
    public bool IsFilled(long step) => _filled[Bit(step)];

    /// <summary>Adds the sample of the step after the last one.</summary>
    public void Append(double value) => TryAppend(Count == 0 ? 0 : LastStep + 1, value);

    /// <summary>Adds the sample of grid position <paramref name="step"/> and fills the steps skipped. False, and no
    /// change, for a step not after the last one (late or repeated) and for a first value that is no number.</summary>
    public bool TryAppend(long step, double value)
    {
        var known = double.IsFinite(value);
        if (Count == 0)
        {
            return known && Push(step, value, filled: false);
        }

        if (step <= LastStep)
        {
            return false;
        }

        var last = _slots[_start + Count - 1];
        // A gap longer than the whole history leaves nothing but the last value; filling more would only cost time.
        var missing = Math.Min(step - LastStep - 1, Capacity);
        for (var i = missing; i > 0; i--)
        {
            Push(step - i, last, filled: true);
        }

        FilledCount += missing + (known ? 0 : 1);
        return Push(step, known ? value : last, filled: !known);
    }

    // A position may be negative: the caller chooses where its grid begins.
    private int Bit(long step) => (int)(((step % Capacity) + Capacity) % Capacity);

    private bool Push(long step, double value, bool filled)
    {
        if (_start + Count == _slots.Length && _slots.Length < 2 * Capacity)
        {
            Array.Resize(ref _slots, 2 * Capacity);
        }

        if (_start + Count == _slots.Length)
        {
            Values[^(Capacity - 1)..].CopyTo(_slots);
            _start = 0;
            Count = Capacity - 1;
        }

        _slots[_start + Count] = value;
        if (Count == Capacity)
        {
            _start++;
        }
        else
        {
            Count++;
        }

        _filled[Bit(step)] = filled;
        LastStep = step;
        AppendedCount++;
        return true;
    }
}
