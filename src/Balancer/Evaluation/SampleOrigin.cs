namespace ShardStore.Balancer.Evaluation;

/// <summary>The one test origin of a series whose forecasts are kept to be drawn.</summary>
public static class SampleOrigin
{
    /// <summary>Steps before the first onset: the question there is whether the forecast sees it.</summary>
    private const int BeforeOnset = 6;

    /// <summary>Before the first onset, else in the middle of the test part. A place in
    /// <see cref="ProtocolTask.TestOrigins"/>.</summary>
    public static int PlaceIn(ProtocolTask task)
        => task.Onsets.Count > 0
            ? (task.Onsets[0] - BeforeOnset - task.TestOrigins.First) / task.TestOrigins.Stride
            : task.TestOrigins.Count / 2;
}
