namespace ShardStore.Balancer;

/// <summary>Cores per op of every shard, as leader and as follower: the cost model at the shard's own mix of reads and
/// writes, corrected by CPU that was attributed to it, and scaled so that all shards together do not exceed what their
/// nodes measured. The scale only goes down: what is measured beyond the model belongs to no shard.</summary>
internal sealed class ShardCosts
{
    private const double ScaleMin = 0.02;

    /// <summary>Attribution may correct the model by that factor either way; beyond it the sample is taken for a
    /// glitch.</summary>
    private const double AttributionFactorMax = 20;

    private static readonly ShardDemand s_evenMix = new(1, 1, 0);

    private readonly double[] _leader;
    private readonly double[] _follower;

    public ShardCosts(ShardLoad[] shards, CostModel model)
    {
        _leader = new double[shards.Length];
        _follower = new double[shards.Length];
        for (var i = 0; i < shards.Length; i++)
            (_leader[i], _follower[i]) = CoresPerOp(shards[i].Demand, shards[i].AttributedCpuCores, model);
    }

    public double Leader(int shard) => _leader[shard];
    public double Follower(int shard) => _follower[shard];

    /// <summary>False, and no change, where the nodes measured as much as the costs explain.</summary>
    public bool TryScaleTo(double measuredCores, double modelledCores)
    {
        if (modelledCores <= 0 || measuredCores >= modelledCores)
            return false;
        var scale = Math.Max(ScaleMin, measuredCores / modelledCores);
        for (var i = 0; i < _leader.Length; i++)
        {
            _leader[i] *= scale;
            _follower[i] *= scale;
        }
        return true;
    }

    /// <summary>Of one shard, before any scaling.</summary>
    /// <param name="asked">What clients ask of it now.</param>
    /// <param name="attributedCores">CPU that the leader attributed to it; null where it could not.</param>
    /// <param name="model">What an op costs without knowing the shard.</param>
    public static (double Leader, double Follower) CoresPerOp(
        ShardDemand asked, double? attributedCores, CostModel model)
    {
        var demand = asked.OpsPerSecond > 0 ? asked : s_evenMix;
        var leader = model.LeaderCores(demand) / demand.OpsPerSecond;
        var follower = model.FollowerCores(demand) / demand.OpsPerSecond;
        // Below one op a second the attributed CPU is housekeeping, not the price of an op.
        if (attributedCores is not { } attributed || asked.OpsPerSecond < 1 || leader <= 0)
            return (leader, follower);
        var factor = attributed / asked.OpsPerSecond / leader;
        factor = Math.Clamp(factor, 1 / AttributionFactorMax, AttributionFactorMax);
        return (leader * factor, follower * factor);
    }
}
