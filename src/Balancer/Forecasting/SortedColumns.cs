using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ShardStore.Balancer.Forecasting;

/// <summary>Samples of every step of a horizon side by side: a row a sample, a column a step, rows as wide as whole
/// vectors.</summary>
internal static class SortedColumns
{
    /// <summary>Sorts every column. Batcher's merge exchange (Knuth, "The Art of Computer Programming" 3, 5.2.2,
    /// algorithm M): which pairs it compares does not depend on the values, so that one comparison serves all
    /// columns, in vectors. Sorting column by column takes thirty times as long, and would be most of what the cheap
    /// methods cost.</summary>
    /// <param name="rows">Row after row.</param>
    /// <param name="width">Values of a row; a multiple of a vector's.</param>
    public static void Sort(Span<double> rows, int width)
    {
        var count = rows.Length / width;
        for (var size = 1; size < count; size *= 2)
        {
            for (var apart = size; apart >= 1; apart /= 2)
            {
                for (var first = apart % size; first + apart < count; first += 2 * apart)
                {
                    var end = Math.Min(first + apart, count - apart);
                    for (var row = first; row < end; row++)
                    {
                        if (row / (2 * size) == (row + apart) / (2 * size))
                        {
                            Order(rows.Slice(row * width, width), rows.Slice((row + apart) * width, width));
                        }
                    }
                }
            }
        }
    }

    /// <summary>Quantile of a sorted column, linear between order statistics (R's type 7).</summary>
    public static double Quantile(ReadOnlySpan<double> rows, int width, int column, double level)
    {
        var count = rows.Length / width;
        var place = level * (count - 1);
        var below = rows[((int)place * width) + column];
        var above = rows[(Math.Min((int)place + 1, count - 1) * width) + column];
        return Math.Min(above, below + ((place - (int)place) * (above - below)));
    }

    private static void Order(Span<double> lower, Span<double> higher)
    {
        var low = MemoryMarshal.Cast<double, Vector256<double>>(lower);
        var high = MemoryMarshal.Cast<double, Vector256<double>>(higher);
        for (var i = 0; i < low.Length; i++)
        {
            var (a, b) = (low[i], high[i]);
            low[i] = Vector256.MinNative(a, b);
            high[i] = Vector256.MaxNative(a, b);
        }
    }
}
