namespace ShardStore.Node.Bench;

/// <summary>How demand is spread over slot ranges at a moment.</summary>
internal interface ISlotDemand
{
    /// <summary>Operations per second at a moment; 0 = as fast as replies come.</summary>
    double RateAt(double elapsedS);

    /// <summary>The slots for the next operation, both ends included.</summary>
    (int First, int Last) NextRange(Random random, double elapsedS);
}
