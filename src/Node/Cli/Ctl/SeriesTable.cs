using System.Globalization;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>One shard's history as the API gives it; null: not measured.</summary>
internal sealed record SeriesColumn(int Shard, long StartUnixS, IReadOnlyList<double?> Values)
{
    /// <summary>Null where nothing was measured.</summary>
    public double? At(long unixS, int stepSeconds)
    {
        var place = (unixS - StartUnixS) / stepSeconds;
        return place >= 0 && place < Values.Count ? Values[(int)place] : null;
    }

    public long EndUnixS(int stepSeconds) => StartUnixS + ((long)Values.Count * stepSeconds);
}

/// <summary>
/// History of all shards on one grid, as a trace. A trace has no gaps: it begins where every shard has a value, and a
/// step that was not measured repeats the one before, which the header counts. A shard that was never measured has no
/// column.
/// </summary>
internal sealed class SeriesTable
{
    private const int PointsMin = 2;

    private readonly List<SeriesColumn> _columns = [];
    private readonly List<string> _notes = [];
    private long _startUnixS;
    private long _endUnixS;

    public required int StepSeconds { get; init; }

    /// <summary>Steps after which the load tends to repeat itself, 1: never; null: no whole number of them.</summary>
    public required int? SeasonSteps { get; init; }

    public required string Source { get; init; }
    public required string Unit { get; init; }

    public long StartUnixS => _startUnixS;

    /// <summary>Of the columns, in their order.</summary>
    public IEnumerable<int> Shards => _columns.Select(column => column.Shard);

    /// <summary>What a reader of the file would not see: shards and steps that are left out.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <param name="columns">All shards.</param>
    /// <param name="grid">Width of a step, and steps in a season.</param>
    /// <param name="endUnixS">Steps that end later are left out.</param>
    /// <param name="source">The cluster's id.</param>
    /// <param name="unit">What the values are.</param>
    /// <exception cref="SeriesException">There is too little history for a trace.</exception>
    public static SeriesTable Of(
        IReadOnlyList<SeriesColumn> columns, (int StepSeconds, int? SeasonSteps) grid, long endUnixS, string source,
        string unit)
    {
        var table = new SeriesTable
        {
            StepSeconds = grid.StepSeconds,
            SeasonSteps = grid.SeasonSteps,
            Source = source,
            Unit = unit,
        };
        table.Lay(columns, endUnixS / grid.StepSeconds * grid.StepSeconds);
        return table;
    }

    public void Write(TextWriter into)
    {
        var (rows, filled) = Rows();
        into.Write($"# source: cluster {Source}\n# unit: {Unit}, mean of a step\n# interval_s: {StepSeconds}\n");
        if (SeasonSteps is { } season)
            into.Write($"# season_steps: {season}\n");
        into.Write($"# filled_points: {filled}\n");
        into.Write("timestamp," + string.Join(',', _columns.Select(column => $"s{column.Shard}")) + "\n");
        for (var i = 0; i < rows.Count; i++)
        {
            into.Write(_startUnixS + ((long)i * StepSeconds));
            foreach (var value in rows[i])
                into.Write(string.Create(CultureInfo.InvariantCulture, $",{value}"));
            into.Write('\n');
        }
    }

    private void Lay(IReadOnlyList<SeriesColumn> columns, long endUnixS)
    {
        var starts = new List<(int Shard, long UnixS)>();
        foreach (var column in columns)
        {
            var first = column.Values.TakeWhile(value => value is null).Count();
            if (first == column.Values.Count)
                continue;
            _columns.Add(column);
            starts.Add((column.Shard, column.StartUnixS + ((long)first * StepSeconds)));
        }
        if (_columns.Count < columns.Count)
        {
            var missing = columns.Select(column => column.Shard).Except(_columns.Select(column => column.Shard));
            _notes.Add($"no history of shards {string.Join(", ", missing)}: they have no column");
        }
        if (_columns.Count == 0)
            throw TooShort(0);
        var last = starts.MaxBy(start => start.UnixS);
        _startUnixS = last.UnixS;
        _endUnixS = Math.Min(endUnixS, _columns.Max(column => column.EndUnixS(StepSeconds)));
        var points = (_endUnixS - _startUnixS) / StepSeconds;
        if (points < PointsMin)
            throw TooShort(Math.Max(0, points));
        var left = (last.UnixS - starts.Min(start => start.UnixS)) / StepSeconds;
        if (left > 0)
            _notes.Add($"{left} steps in front are left out: shard {last.Shard} was not measured then");
    }

    /// <summary>A row a step, a value a column; and how many of them repeat the one before.</summary>
    public (IReadOnlyList<double[]> Rows, int Filled) Rows()
    {
        var rows = new List<double[]>();
        var filled = 0;
        for (var at = _startUnixS; at < _endUnixS; at += StepSeconds)
        {
            var row = new double[_columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                var value = _columns[i].At(at, StepSeconds);
                filled += value is null ? 1 : 0;
                // The first row is where every column has a value, or had one before.
                row[i] = value ?? (rows.Count > 0 ? rows[^1][i] : ValueBefore(_columns[i], at));
            }
            rows.Add(row);
        }
        return (rows, filled);
    }

    private double ValueBefore(SeriesColumn column, long unixS)
    {
        while (column.At(unixS, StepSeconds) is null)
            unixS -= StepSeconds;
        return column.At(unixS, StepSeconds)!.Value;
    }

    private SeriesException TooShort(long points) => new(
        $"only {points} steps of {StepSeconds} s are known of every shard; a trace needs {PointsMin}: try again later, "
        + "or with a smaller --step");
}
