using System.Globalization;
using System.Numerics;

namespace ShardStore.Node.Commands;

/// <summary>The 80-bit floating point number that Redis computes INCRBYFLOAT with: 64 bits of significand, done
/// exactly in integers, so that every replica gets the same digits on any machine. It is significand × 2^exponent.
/// Subnormal numbers are not modelled: they print as 0 anyway.</summary>
internal readonly struct ExtendedFloat
{
    private const int SignificandBits = 64;
    private const int ExponentMax = 16383;
    private const int TextBytesMax = 512;
    private const int DecimalExponentMax = 5000;
    private const int Decimals = 17;

    public static readonly ExtendedFloat Zero = new(BigInteger.Zero, 0, true);
    private static readonly ExtendedFloat NotFinite = new(BigInteger.Zero, 0, false);

    private readonly BigInteger _significand;
    private readonly int _exponent;

    private ExtendedFloat(BigInteger significand, int exponent, bool isFinite)
    {
        _significand = significand;
        _exponent = exponent;
        IsFinite = isFinite;
    }

    /// <summary>False for infinity and for what is too large.</summary>
    public bool IsFinite { get; }

    /// <summary>Takes what strtold takes, but for hexadecimal numbers and NaN, which Redis refuses, too.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ExtendedFloat value)
    {
        value = NotFinite;
        if (text.Length is 0 or > TextBytesMax)
            return false;
        var isNegative = text[0] == '-';
        var rest = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (Words.Is(rest, "inf"u8) || Words.Is(rest, "infinity"u8))
            return true;
        if (!TryDecimal(rest, out var digits, out var power))
            return false;
        value = FromDecimal(isNegative ? -digits : digits, power);
        return value.IsFinite;
    }

    public ExtendedFloat Add(ExtendedFloat other)
    {
        if (!IsFinite || !other.IsFinite)
            return NotFinite;
        var low = Math.Min(_exponent, other._exponent);
        return Round((_significand << (_exponent - low)) + (other._significand << (other._exponent - low)), low, false);
    }

    /// <summary>As printf's %.17Lf without trailing zeros.</summary>
    public override string ToString()
    {
        var scaled = BigInteger.Abs(_significand) * BigInteger.Pow(10, Decimals);
        scaled = _exponent >= 0 ? scaled << _exponent : RoundedShift(scaled, -_exponent, false);
        var digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals + 1, '0');
        var fraction = digits[^Decimals..].TrimEnd('0');
        var whole = digits[..^Decimals];
        var isZero = fraction.Length == 0 && whole == "0";
        var sign = _significand.Sign < 0 && !isZero ? "-" : "";
        return fraction.Length == 0 ? sign + whole : $"{sign}{whole}.{fraction}";
    }

    private static bool TryDecimal(ReadOnlySpan<byte> text, out BigInteger digits, out int power)
    {
        digits = BigInteger.Zero;
        power = 0;
        var at = 0;
        var point = -1;
        var count = 0;
        Span<char> kept = stackalloc char[TextBytesMax];
        for (; at < text.Length && (char.IsAsciiDigit((char)text[at]) || (text[at] == '.' && point < 0)); at++)
        {
            if (text[at] == '.')
                point = count;
            else
                kept[count++] = (char)text[at];
        }
        if (count == 0)
            return false;
        digits = BigInteger.Parse(kept[..count], NumberStyles.None, CultureInfo.InvariantCulture);
        power = point < 0 ? 0 : point - count;
        if (at == text.Length)
            return true;
        if (text[at] is not ((byte)'e' or (byte)'E') || at + 1 == text.Length)
            return false;
        var exponent = text[(at + 1)..];
        if (!System.Buffers.Text.Utf8Parser.TryParse(exponent, out int e, out var used) || used != exponent.Length)
            return false;
        power += Math.Clamp(e, -DecimalExponentMax * 2, DecimalExponentMax * 2);
        return Math.Abs(power) <= DecimalExponentMax;
    }

    private static ExtendedFloat FromDecimal(BigInteger digits, int power)
    {
        if (power >= 0)
            return Round(digits * BigInteger.Pow(10, power), 0, false);
        // Enough quotient bits for correct rounding; what the division leaves over only breaks ties.
        var divisor = BigInteger.Pow(10, -power);
        var shift = (int)Math.Max(0, divisor.GetBitLength() - digits.GetBitLength() + SignificandBits + 4);
        var quotient = BigInteger.DivRem(BigInteger.Abs(digits) << shift, divisor, out var remainder);
        return Round(digits.Sign * quotient, -shift, !remainder.IsZero);
    }

    /// <summary>To 64 bits, ties to even; <paramref name="isInexact"/>: the true value is a little further from
    /// zero.</summary>
    private static ExtendedFloat Round(BigInteger significand, int exponent, bool isInexact)
    {
        var magnitude = BigInteger.Abs(significand);
        var excess = (int)magnitude.GetBitLength() - SignificandBits;
        if (excess > 0)
        {
            magnitude = RoundedShift(magnitude, excess, isInexact);
            exponent += excess;
        }
        if (!magnitude.IsZero && magnitude.GetBitLength() + exponent - 1 > ExponentMax)
            return NotFinite;
        return new ExtendedFloat(significand.Sign < 0 ? -magnitude : magnitude, exponent, true);
    }

    private static BigInteger RoundedShift(BigInteger magnitude, int bits, bool isInexact)
    {
        if (bits == 0)
            return magnitude;
        var quotient = magnitude >> bits;
        var rest = magnitude - (quotient << bits);
        var half = BigInteger.One << (bits - 1);
        var isUp = rest > half || (rest == half && (isInexact || !quotient.IsEven));
        return isUp ? quotient + 1 : quotient;
    }
}
