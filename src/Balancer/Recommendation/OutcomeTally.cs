namespace ShardStore.Balancer;

/// <summary>One judged move: what came of it, and the chance of an overload it was made for.</summary>
public readonly record struct JudgedMove(MoveHelp Help, double ChancePromised);

/// <summary>How the last moves did together. A move against a chance of 1 in 10 is meant to be needless nine times in
/// ten, so needless moves count against what the forecasts promised, not against their number.</summary>
public sealed record OutcomeTally
{
    /// <summary>Moves that are looked at, the newest.</summary>
    public const int MovesMax = 20;

    /// <summary>Fewer judged moves say nothing.</summary>
    public const int MovesMin = 8;

    /// <summary>Larger share of moves that did not help, of those judged: 1 in 4.</summary>
    public const double FailedShareMax = 0.25;

    /// <summary>Standard errors by which moves may be needed less often than promised.</summary>
    private const double Doubt = 2;

    public int Judged { get; private init; }
    public int Helped { get; private init; }
    public int Failed { get; private init; }
    public int Needless { get; private init; }

    /// <summary>How many were to be needed, by the chances they were made for, and the least that chance explains.
    /// </summary>
    public double NeededPromised { get; private init; }
    public double NeededMin { get; private init; }

    public double FailedShare => Judged > 0 ? Failed / (double)Judged : 0;

    public bool FailsOften => Judged >= MovesMin && FailedShare > FailedShareMax;

    public bool IsNeededTooRarely => Judged >= MovesMin && Helped + Failed < NeededMin;

    /// <param name="moves">Oldest first. Those that cannot be judged are left out.</param>
    public static OutcomeTally Of(IEnumerable<JudgedMove> moves)
    {
        var judged = moves.Where(move => move.Help is MoveHelp.Yes or MoveHelp.No or MoveHelp.NotNeeded)
            .TakeLast(MovesMax).ToArray();
        var chances = Array.ConvertAll(judged, move => Math.Clamp(move.ChancePromised, 0, 1));
        var promised = chances.Sum();
        return new OutcomeTally
        {
            Judged = judged.Length,
            Helped = judged.Count(move => move.Help == MoveHelp.Yes),
            Failed = judged.Count(move => move.Help == MoveHelp.No),
            Needless = judged.Count(move => move.Help == MoveHelp.NotNeeded),
            NeededPromised = promised,
            NeededMin = promised - (Doubt * Math.Sqrt(chances.Sum(chance => chance * (1 - chance)))),
        };
    }
}
