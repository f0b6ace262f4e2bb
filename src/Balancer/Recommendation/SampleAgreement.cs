namespace ShardStore.Balancer;

/// <summary>Whether the last samples of a node all say the same. One spike, or too few samples, is no agreement.
/// </summary>
internal static class SampleAgreement
{
    public static bool AllAbove(NodeLoad node, double threshold, int samples)
    {
        var recent = node.RecentCpu;
        if (recent.Length < samples)
            return false;
        for (var i = recent.Length - samples; i < recent.Length; i++)
        {
            if (!(recent[i] > threshold))
                return false;
        }
        return true;
    }
}
