namespace ShardStore.Node.Telemetry;

/// <summary>
/// A load in two bytes: days of history of thousands of series must fit into memory, and no measurement of load is
/// good to more than a few tenths of a percent. The code is logarithmic, 3,120 steps a decade from 1e-6 to 1e15: a
/// value is off by 0.05 % at most, zero and powers of ten are exact, and what lies beyond is clamped. Coding a decoded
/// value gives the same code again, so that histories that went through several nodes or files stay the same bytes.
/// </summary>
public readonly record struct LoadCode
{
    public const double SmallestValue = 1e-6;
    public const double LargestValue = 1e15;

    private const int StepsPerDecade = 3_120;
    private const int DecadeFirst = -6;
    private const int DecadeLast = 15;
    private const ushort ZeroBits = 1;
    private const ushort FirstBits = 2;
    private const ushort LastBits = FirstBits + ((DecadeLast - DecadeFirst) * StepsPerDecade);

    /// <summary>Digits behind the point of a mantissa: more would claim what the code does not hold.</summary>
    private const int MantissaDigits = 4;

    /// <summary>Of one decade, times ten thousand. Whole numbers, so that no machine's logarithm shows in them.
    /// </summary>
    private static readonly int[] s_mantissas = [.. Enumerable.Range(0, StepsPerDecade)
        .Select(step => (int)Math.Round(Math.Pow(10, MantissaDigits + (step / (double)StepsPerDecade))))];

    private static readonly double[] s_powers = [.. Enumerable.Range(0, 16).Select(power => Math.Pow(10, power))];

    private LoadCode(ushort bits) => Bits = bits;

    /// <summary>Nothing was measured, which is not the same as zero. What new memory holds.</summary>
    public static LoadCode None => default;

    /// <summary>Persisted and sent: never change what they mean.</summary>
    public ushort Bits { get; }

    public bool IsNone => Bits == 0;

    /// <summary>NaN for <see cref="None"/>.</summary>
    public double Value
    {
        get
        {
            if (Bits <= ZeroBits)
                return Bits == ZeroBits ? 0 : double.NaN;
            var (decade, step) = Math.DivRem(Bits - FirstBits, StepsPerDecade);
            var power = DecadeFirst + decade - MantissaDigits;
            // One rounding only: both operands are whole numbers.
            return power < 0 ? s_mantissas[step] / s_powers[-power] : s_mantissas[step] * s_powers[power];
        }
    }

    /// <summary>The nearest code; <see cref="None"/> for what is no number. No load is negative: that is zero.
    /// </summary>
    public static LoadCode Of(double value)
    {
        if (double.IsNaN(value))
            return None;
        if (value <= 0)
            return new LoadCode(ZeroBits);
        var decades = Math.Log10(Math.Clamp(value, SmallestValue, LargestValue)) - DecadeFirst;
        return new LoadCode((ushort)(FirstBits + (int)Math.Round(decades * StepsPerDecade)));
    }

    /// <summary>False for bits that no value has: they come from a network or a disk.</summary>
    public static bool TryOfBits(ushort bits, out LoadCode code)
    {
        code = bits <= LastBits ? new LoadCode(bits) : None;
        return bits <= LastBits;
    }
}
