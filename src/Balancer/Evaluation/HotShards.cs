namespace ShardStore.Balancer.Evaluation;

/// <summary>Whether a forecast names the shards that will be the busiest of a wide file.</summary>
internal static class HotShards
{
    /// <summary>The share of the shards that counts as hot, rounded up.</summary>
    private const int SharePerTen = 1;

    /// <param name="tasks">The series of one file.</param>
    /// <param name="scores">One method's, in the same order.</param>
    /// <returns>Mean over the test origins of the share of the hot shards that the forecast names.</returns>
    public static double Hit(IReadOnlyList<ProtocolTask> tasks, IReadOnlyList<SeriesScore> scores)
    {
        var origins = tasks[0].TestOrigins;
        var hot = ((SharePerTen * tasks.Count) + 9) / 10;
        var (came, forecast) = (new double[tasks.Count], new double[tasks.Count]);
        var hits = 0L;
        for (var place = 0; place < origins.Count; place++)
        {
            for (var i = 0; i < tasks.Count; i++)
            {
                came[i] = SumAfter(tasks[i], origins[place]);
                forecast[i] = scores[i].Sums[place];
            }

            hits += Common(came, forecast, hot);
        }

        return hits / (double)hot / origins.Count;
    }

    private static double SumAfter(ProtocolTask task, int origin)
    {
        var sum = 0.0;
        foreach (var value in task.Values.AsSpan(origin + 1, ProtocolTask.AlarmSteps))
        {
            sum += value;
        }

        return sum;
    }

    private static int Common(double[] came, double[] forecast, int hot)
    {
        Span<int> truth = stackalloc int[hot];
        Span<int> guess = stackalloc int[hot];
        TakeLargest(came, truth);
        TakeLargest(forecast, guess);
        var common = 0;
        foreach (var shard in truth)
        {
            common += guess.Contains(shard) ? 1 : 0;
        }

        return common;
    }

    /// <summary>Marks what it takes by negative infinity. Of equals the first.</summary>
    private static void TakeLargest(Span<double> sums, Span<int> places)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var best = 0;
            for (var shard = 1; shard < sums.Length; shard++)
            {
                best = sums[shard] > sums[best] ? shard : best;
            }

            places[i] = best;
            sums[best] = double.NegativeInfinity;
        }
    }
}
