using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class PairedLossesTests
{
    [Fact]
    public void A_small_steady_lead_counts_more_than_a_large_one_by_chance()
    {
        var pairs = new PairedLosses(candidates: 3, baselines: 1);
        for (var i = 0; i < 40; i++)
        {
            // The baseline loses 1 or 2. Candidate 1 always 0.05 less; candidate 2 ten times once, else 0.1 more.
            var loss = 1 + (i % 2);
            pairs.Add([loss, loss - 0.05 + (0.001 * (i % 3)), i == 20 ? loss - 9 : loss + 0.1], share: 1, kept: 1);
        }

        Assert.True(pairs.MeanOf(2) < pairs.MeanOf(1));
        Assert.True(pairs.LeadOf(1, 0) > 10);
        Assert.True(pairs.LeadOf(2, 0) < 1);
        // The combination, which is the last, is compared with as a baseline is.
        Assert.Equal(-pairs.LeadOf(2, 0), Reversed().LeadOf(0, 2), tolerance: 1e-9);

        static PairedLosses Reversed()
        {
            var pairs = new PairedLosses(candidates: 3, baselines: 1);
            for (var i = 0; i < 40; i++)
            {
                var loss = 1 + (i % 2);
                pairs.Add([loss, 0, i == 20 ? loss - 9 : loss + 0.1], share: 1, kept: 1);
            }

            return pairs;
        }
    }

    [Fact]
    public void Forecasts_that_overlap_are_less_evidence()
    {
        var (apart, overlapping) = (new PairedLosses(2, 1), new PairedLosses(2, 1));
        for (var i = 0; i < 50; i++)
        {
            double[] losses = [1, 0.9 + (0.2 * (i % 2))];
            apart.Add(losses, share: 1, kept: 1);
            overlapping.Add(losses, share: 0.25, kept: 1);
        }

        Assert.Equal(50, apart.Evidence);
        Assert.Equal(12.5, overlapping.Evidence);
        Assert.Equal(2, apart.LeadOf(1, 0) / overlapping.LeadOf(1, 0), tolerance: 1e-6);
    }

    [Fact]
    public void Old_evidence_fades()
    {
        var pairs = new PairedLosses(2, 1);
        Feed(pairs, 100, better: 1);
        Assert.True(pairs.LeadOf(1, 0) > 1);
        Feed(pairs, 100, better: 0);
        Assert.True(pairs.LeadOf(1, 0) < -1);
        Assert.InRange(pairs.Evidence, 10, 11);
    }

    [Fact]
    public void Without_evidence_nobody_leads()
        => Assert.False(new PairedLosses(2, 1).LeadOf(1, 0) > 0);

    private static void Feed(PairedLosses pairs, int count, int better)
    {
        for (var i = 0; i < count; i++)
        {
            var noise = 0.1 * (i % 2);
            pairs.Add([better == 0 ? 1 : 2, (better == 1 ? 1 : 2) + noise], share: 1, kept: 0.905);
        }
    }
}
