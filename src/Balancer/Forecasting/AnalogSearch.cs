using System.Buffers;
using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Finds the past states of a load that are most like its newest. A state is the newest value, the means of the
/// newest 3, 12 and 288, the mean change over 12, and with a season the mean of the next 12 a season ago: how high,
/// where from, how restless, and what the season would bring. Each is measured in its own deviation over the window,
/// so that no unit matters and what is always the same tells nothing.
/// </summary>
internal static class AnalogSearch
{
    private const int ShortMean = 3;
    private const int MiddleMean = 12;
    private const int LongMean = 288;

    /// <summary>The long mean weighs half: a load that grows has been at its present level but lately.</summary>
    private const double LongWeight = 0.25;

    /// <summary>Share of its squares below which a variance is rounding.</summary>
    private const double VarianceMin = 1e-9;

    /// <summary>Indices of the <paramref name="count"/> nearest states whose whole future is in the window, in no
    /// order.</summary>
    /// <param name="window">Values up to now.</param>
    /// <param name="weights">Say from which index a state is known, and how long a season is.</param>
    /// <param name="count">No more than there are.</param>
    public static int[] Nearest(ReadOnlySpan<double> window, RidgeWeights weights, int count)
    {
        var first = weights.HistoryMin - 1;
        var size = window.Length;
        var buffer = ArrayPool<double>.Shared.Rent(3 * size);
        var feature = buffer.AsSpan(0, size);
        var changes = buffer.AsSpan(size, size);
        var distances = buffer.AsSpan(2 * size, size - first - ForecastLevels.StepsMax);
        distances.Clear();
        AddDistances(window[first..], 1, distances);
        AddMeans(window, (ShortMean, 1), first, feature, distances);
        AddMeans(window, (MiddleMean, 1), first, feature, distances);
        AddMeans(window, (LongMean, LongWeight), first, feature, distances);
        changes[0] = 0;
        TensorPrimitives.Subtract(window[1..], window[..^1], changes[1..]);
        TensorPrimitives.Abs(changes, changes);
        AddMeans(changes, (MiddleMean, 1), first, feature, distances);
        if (weights.Back > 0)
        {
            // The mean up to an index, seen from a season less a mean's length after it.
            Means(window, MiddleMean, feature);
            AddDistances(feature[(first - weights.Back + MiddleMean)..^(weights.Back - MiddleMean)], 1, distances);
        }

        var indices = new int[distances.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = first + i;
        }

        Select(distances, indices, count);
        ArrayPool<double>.Shared.Return(buffer);
        return indices[..count];
    }

    private static void AddMeans(
        ReadOnlySpan<double> values, (int Length, double Weight) mean, int first, Span<double> feature,
        Span<double> distances)
    {
        Means(values, mean.Length, feature);
        AddDistances(feature[first..], mean.Weight, distances);
    }

    /// <summary>The mean of the newest <paramref name="length"/> values at every index, of fewer at the
    /// start.</summary>
    private static void Means(ReadOnlySpan<double> values, int length, Span<double> means)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            sum += values[i] - (i >= length ? values[i - length] : 0);
            means[i] = sum / Math.Min(i + 1, length);
        }
    }

    /// <summary>Adds how far a feature is from its last, squared and in its variance.</summary>
    private static void AddDistances(ReadOnlySpan<double> feature, double weight, Span<double> distances)
    {
        var mean = TensorPrimitives.Sum(feature) / feature.Length;
        var squares = TensorPrimitives.SumOfSquares(feature) / feature.Length;
        var variance = squares - (mean * mean);
        if (!(variance > VarianceMin * squares))
        {
            return;
        }

        var now = feature[^1];
        var scale = weight / variance;
        for (var i = 0; i < distances.Length; i++)
        {
            var apart = feature[i] - now;
            distances[i] += apart * apart * scale;
        }
    }

    /// <summary>Brings the smallest to the front (Hoare 1961, "Algorithm 65: Find").</summary>
    private static void Select(Span<double> distances, Span<int> indices, int count)
    {
        var (low, high) = (0, distances.Length - 1);
        while (low < high)
        {
            var pivot = distances[(low + high) >> 1];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (distances[i] < pivot)
                {
                    i++;
                }

                while (distances[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (distances[i], distances[j]) = (distances[j], distances[i]);
                    (indices[i], indices[j]) = (indices[j], indices[i]);
                    i++;
                    j--;
                }
            }

            (low, high) = count - 1 <= j ? (low, j) : count - 1 >= i ? (i, high) : (high, high);
        }
    }
}
