namespace ShardStore.Node.Demo;

/// <summary>
/// Numbers from 0 to below 1 that fill the range evenly from the first on (Roberts' R3 sequence, a generalized golden
/// ratio in three dimensions). Drawn at random, the requests of one second to one node would differ by a tenth from
/// second to second, and hide what is to be seen.
/// </summary>
internal sealed class EvenDraw(int seed)
{
    private static readonly double[] Steps = [0.8191725133961645, 0.6710436067037893, 0.5497004779019703];
    private const double SeedStep = 0.6180339887498949;

    private long _count;

    /// <param name="dimension">0 to 2; the three numbers of one draw are independent.</param>
    public double Next(int dimension)
    {
        var place = (seed * SeedStep) + (_count * Steps[dimension]);
        return place - Math.Floor(place);
    }

    public void Advance() => _count++;
}
