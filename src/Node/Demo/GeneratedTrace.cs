using System.Globalization;
using System.Text;
using ShardStore.Node.Bench;

namespace ShardStore.Node.Demo;

/// <summary>
/// The demo's own trace: requests to one shard in five-minute steps over nine days. Every day has the same curve, low
/// at night and steep in the morning, on a level that grows from day to day; some days have a flash crowd that no
/// other day announces, the last one too, shortly after its morning. The same seed gives the same trace.
/// </summary>
internal static class GeneratedTrace
{
    public const int StepSeconds = 300;
    public const int DaySteps = 288;
    public const int Days = 9;

    /// <summary>Of the level, from one day to the next.</summary>
    public const double GrowthPerDay = 0.05;

    /// <summary>The middle of the morning's rise: 9:00.</summary>
    public const int MorningStep = 108;

    /// <summary>When the last day's flash crowd begins: 9:50.</summary>
    public const int FlashStep = 118;

    /// <summary>Height of a flash crowd, as a share of the level it comes on top of.</summary>
    public const double FlashShare = 0.1;

    private const int FlashSteps = 4;
    private const double Noise = 0.03;
    private const double Night = 100;
    private const double Day = 400;

    /// <summary>Logistic; so steep that nine tenths of the rise take a quarter of an hour, as where a shop opens.
    /// </summary>
    private const double MorningSteepnessSteps = 0.5;

    private const int EveningStep = 228;
    private const double EveningSteepnessSteps = 12;

    public static TraceFile Build(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("# series: generated\n# unit: requests per 5 min\n# interval_s: 300\n");
        text.Append(CultureInfo.InvariantCulture, $"# season_steps: {DaySteps}\n# seed: {seed}\ntimestamp,value\n");
        for (var day = 0; day < Days; day++)
            AddDay(text, day, random);
        return TraceFile.Parse(new StringReader(text.ToString()), "generated");
    }

    private static void AddDay(StringBuilder text, int day, Random random)
    {
        var flash = FlashOf(day, random);
        for (var step = 0; step < DaySteps; step++)
        {
            var value = Level(step) * Math.Pow(1 + GrowthPerDay, day) * (1 + (Noise * Gauss(random)));
            if (step >= flash && step < flash + FlashSteps)
                value *= 1 + FlashShare;
            var seconds = ((day * DaySteps) + step) * StepSeconds;
            text.Append(CultureInfo.InvariantCulture, $"{seconds},{Math.Max(0, value):F1}\n");
        }
    }

    /// <summary>Every third day has one at some time; the last day's time is fixed, so that the demo can name it.
    /// </summary>
    private static int FlashOf(int day, Random random)
    {
        var at = random.Next(DaySteps - FlashSteps);
        if (day == Days - 1)
            return FlashStep;
        return day % 3 == 1 ? at : int.MaxValue - FlashSteps;
    }

    private static double Level(int step)
    {
        var morning = 1 / (1 + Math.Exp((MorningStep - step) / MorningSteepnessSteps));
        var evening = 1 / (1 + Math.Exp((step - EveningStep) / EveningSteepnessSteps));
        return Night + ((Day - Night) * morning * evening);
    }

    /// <summary>Box and Muller's normal deviate.</summary>
    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
