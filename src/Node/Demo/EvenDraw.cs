namespace ShardStore.Node.Demo;

/// <summary>
/// Numbers from 0 to below 1 that fill the range evenly from the first on: multiples of an irrational number, less
/// their whole part (Weyl; the golden ratio is the most even). Drawn at random, the requests of one second to one node
/// would differ by a tenth from second to second, and hide what is to be seen.
/// </summary>
internal sealed class EvenDraw(int seed)
{
    // The fractions of the golden ratio and of the roots of 2 and 3: independent of each other, so the draws are too.
    private static readonly double[] Steps = [0.6180339887498949, 0.4142135623730951, 0.7320508075688772];

    /// <summary>Another irrational number, or two seeds would draw the same numbers a little apart.</summary>
    private const double SeedStep = 0.3247179572447460;

    private long _count;

    /// <param name="dimension">0 to 2, the first the most even; the three numbers of one draw are independent.</param>
    public double Next(int dimension)
    {
        var place = (seed * SeedStep) + (_count * Steps[dimension]);
        return place - Math.Floor(place);
    }

    public void Advance() => _count++;
}
