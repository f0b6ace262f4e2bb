using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class LoadHistoryTests
{
    [Fact]
    public void Keeps_the_newest_samples_oldest_first()
    {
        for (var capacity = 1; capacity < 6; capacity++)
        {
            var history = new LoadHistory(capacity);
            for (var i = 0; i < 20; i++)
            {
                history.Append(i);
                var first = Math.Max(0, i + 1 - capacity);
                Assert.Equal(Enumerable.Range(first, i + 1 - first).Select(v => (double)v), history.Values.ToArray());
            }

            Assert.Equal(20, history.AppendedCount);
            Assert.Equal(19, history.LastStep);
        }
    }

    [Fact]
    public void A_gap_repeats_the_last_value_and_is_counted()
    {
        var history = new LoadHistory(8);
        Assert.True(history.TryAppend(10, 1));
        Assert.True(history.TryAppend(13, 4));
        Assert.Equal([1, 1, 1, 4], history.Values.ToArray());
        Assert.Equal(2, history.FilledCount);
        Assert.Equal(13, history.LastStep);
    }

    [Fact]
    public void A_gap_longer_than_the_history_leaves_the_last_value()
    {
        var history = new LoadHistory(3);
        history.TryAppend(0, 7);
        Assert.True(history.TryAppend(1_000_000_000_000, 8));
        Assert.Equal([7, 7, 8], history.Values.ToArray());
    }

    [Fact]
    public void A_value_that_is_no_number_repeats_the_last_value()
    {
        var history = new LoadHistory(4);
        Assert.False(history.TryAppend(0, double.NaN));
        history.Append(5);
        history.Append(double.NaN);
        history.Append(double.PositiveInfinity);
        Assert.Equal([5, 5, 5], history.Values.ToArray());
        Assert.Equal(2, history.FilledCount);
    }

    [Fact]
    public void A_late_or_repeated_step_changes_nothing()
    {
        var history = new LoadHistory(4);
        history.TryAppend(5, 1);
        Assert.False(history.TryAppend(5, 2));
        Assert.False(history.TryAppend(4, 3));
        Assert.Equal([1], history.Values.ToArray());
    }

    [Fact]
    public void A_capacity_out_of_range_is_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new LoadHistory(0));
        Assert.Contains("1 to 1048576", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_which_samples_nobody_took()
    {
        var history = new LoadHistory(5);
        history.TryAppend(-3, 1);
        history.TryAppend(0, 2);
        history.TryAppend(1, double.NaN);
        history.TryAppend(2, 2);
        Assert.Equal([true, true, false, true, false], Enumerable.Range(-2, 5).Select(i => history.IsFilled(i)));
        // A gap longer than the history: all of it but the newest is filled.
        history.TryAppend(100, 7);
        Assert.Equal([true, true, true, true, false], Enumerable.Range(96, 5).Select(i => history.IsFilled(i)));
        for (var i = 0; i < 20; i++)
        {
            history.Append(i);
        }

        Assert.DoesNotContain(true, Enumerable.Range(116, 5).Select(i => history.IsFilled(i)));
    }
}
