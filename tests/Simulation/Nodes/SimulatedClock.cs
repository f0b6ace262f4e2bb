using ShardStore.Node.Clocks;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Nodes;

/// <summary>A machine's clocks: the monotonic one runs a little fast or slow, the wall clock is off and may jump. A
/// stall is a stop of the process in the middle of a turn: the reading jumps, the world does not know yet.</summary>
public sealed class SimulatedClock(SimulatedWorld world, double rate, long bootMicros) : IClock
{
    private const long EpochMs = 1_800_000_000_000;
    private long _lastMicros;

    /// <summary>How fast it runs; 1 = true time.</summary>
    public double Rate => rate;

    /// <summary>How far this turn has stalled. The node's output leaves that much later. Unit: microseconds.
    /// </summary>
    public long StallMicros { get; set; }

    /// <summary>Chance that reading the clock is followed by a stall.</summary>
    public double StallChance { get; set; }

    public long WallSkewMs { get; set; }

    public long MonotonicMicros
    {
        get
        {
            MayStall();
            _lastMicros = Math.Max(_lastMicros, Reading);
            return _lastMicros;
        }
    }

    /// <summary>The monotonic clock as an onlooker sees it: looking stalls nobody.</summary>
    public long Reading => bootMicros + (long)((world.NowMicros + StallMicros) * rate);

    public long WallMs
    {
        get
        {
            MayStall();
            return EpochMs + ((world.NowMicros + StallMicros) / 1000) + WallSkewMs;
        }
    }

    /// <summary>True time until the monotonic clock shows <paramref name="micros"/>.</summary>
    public long Until(long micros) => (long)((micros - bootMicros) / rate) - world.NowMicros + 1;

    private void MayStall()
    {
        if (StallChance == 0 || StallMicros != 0 || !world.Chance(StallChance))
            return;
        StallMicros = world.Between(10_000, 1_500_000);
        world.Counters.Count("fault: stall in a turn");
    }
}
