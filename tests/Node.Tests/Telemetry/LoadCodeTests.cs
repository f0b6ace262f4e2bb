using ShardStore.Node.Telemetry;
using Xunit;

namespace ShardStore.Node.Tests.Telemetry;

public class LoadCodeTests
{
    [Fact]
    public void Every_code_comes_back_from_its_value_and_values_rise_with_their_codes()
    {
        var last = -1.0;
        var valid = 0;
        for (var bits = 1; bits <= ushort.MaxValue; bits++)
        {
            if (!LoadCode.TryOfBits((ushort)bits, out var code))
                continue;
            valid++;
            Assert.True(code.Value > last, $"{bits}: {code.Value} after {last}");
            Assert.Equal(code, LoadCode.Of(code.Value));
            // As read from a series, which holds floats.
            Assert.Equal(code, LoadCode.Of((float)code.Value));
            last = code.Value;
        }
        Assert.InRange(valid, 65_000, 65_535);
        Assert.Equal(LoadCode.LargestValue, last);
    }

    [Fact]
    public void A_value_is_off_by_a_twentieth_of_a_percent_at_most()
    {
        var random = new Random(4711);
        for (var round = 0; round < 100_000; round++)
        {
            var value = Math.Pow(10, -6 + (21 * random.NextDouble()));
            Assert.InRange(LoadCode.Of(value).Value / value, 0.9995, 1.0005);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(1e-9, 1e-6)]
    [InlineData(1e-6, 1e-6)]
    [InlineData(0.001, 0.001)]
    [InlineData(1, 1)]
    [InlineData(1000, 1000)]
    [InlineData(1e15, 1e15)]
    [InlineData(1e300, 1e15)]
    [InlineData(double.PositiveInfinity, 1e15)]
    public void Zero_and_powers_of_ten_are_exact_and_the_rest_is_clamped(double value, double expected)
    {
        Assert.Equal(expected, LoadCode.Of(value).Value);
    }

    [Fact]
    public void Nothing_measured_is_a_code_of_its_own_and_what_new_memory_holds()
    {
        Assert.Equal(LoadCode.None, LoadCode.Of(double.NaN));
        Assert.Equal(LoadCode.None, new LoadCode[1].Single());
        Assert.True(double.IsNaN(LoadCode.None.Value));
        Assert.False(LoadCode.Of(0).IsNone);
    }

    [Fact]
    public void Bits_that_no_value_has_are_refused()
    {
        Assert.False(LoadCode.TryOfBits(ushort.MaxValue, out var code));
        Assert.True(code.IsNone);
    }
}
