using System.Globalization;

namespace ShardStore.Node.Bench;

/// <summary>
/// Demand over time from a file: lines with '#' in front ("# name: value") are the header, then a line of column
/// names, "timestamp" first, then a line a point. One column is the demand on one shard; several are one a shard.
/// Times are seconds, rise, and stand on a regular grid. Nothing is mended: a gap filled in silence would be demand
/// that nobody had. Two names of the header mean something here: "interval_s", the step of the grid, and
/// "season_steps", the steps after which the demand repeats itself.
/// </summary>
public sealed class TraceFile
{
    /// <summary>Bad lines told at once, so that a broken file is not mended line by line.</summary>
    private const int ProblemsMax = 20;

    /// <summary>No demand is larger, in any unit; squares of it and sums of those are still numbers.</summary>
    private const double ValueMax = 1e100;

    private const string Interval = "interval_s";
    private const string Season = "season_steps";

    private TraceFile(
        IReadOnlyDictionary<string, string> header, string[] columns, (double S, int Line)[] times, double[][] values)
    {
        Header = header;
        Columns = columns;
        TimesS = [.. times.Select(time => time.S)];
        Lines = [.. times.Select(time => time.Line)];
        Values = values;
        if (header.TryGetValue(Season, out var text))
            SeasonSteps = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    public IReadOnlyDictionary<string, string> Header { get; }

    /// <summary>Names of the value columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Unit: seconds, from any start.</summary>
    public IReadOnlyList<double> TimesS { get; }

    /// <summary>One array a column, one value a point.</summary>
    public IReadOnlyList<double[]> Values { get; }

    /// <summary>Number in the file of each point's line, for whoever finds more wrong with it.</summary>
    public IReadOnlyList<int> Lines { get; }

    /// <summary>Number of the line with the names of the columns.</summary>
    public required int ColumnsLine { get; init; }

    public double DurationS => TimesS[^1] - TimesS[0];

    /// <summary>Steps after which the demand repeats itself, as the header says (1: never); null when it does not
    /// say.</summary>
    public int? SeasonSteps { get; }

    /// <exception cref="TraceFormatException">The file is not a trace.</exception>
    public static TraceFile Load(string path, double valueMax = ValueMax)
    {
        if (!File.Exists(path))
            throw new TraceFormatException($"trace {path} does not exist");
        using var reader = new StreamReader(path);
        return Parse(reader, Path.GetFileName(path), valueMax);
    }

    /// <param name="reader">The text.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="valueMax">Largest value that is allowed.</param>
    /// <exception cref="TraceFormatException">The text is not a trace.</exception>
    public static TraceFile Parse(TextReader reader, string name, double valueMax = ValueMax)
    {
        var parse = new Parsing(name, valueMax);
        while (reader.ReadLine() is { } line)
            parse.OnLine(line.TrimEnd('\r'));
        return parse.Finish();
    }

    /// <summary>The same times with fewer columns, each the sum of some.</summary>
    /// <param name="groups">Places of columns, from 0.</param>
    public TraceFile Summed(IReadOnlyList<int[]> groups) => new(
        Header, [.. groups.Select(group => string.Join('+', group.Select(column => Columns[column])))],
        [.. TimesS.Zip(Lines)], [.. groups.Select(SumOf)])
    {
        ColumnsLine = ColumnsLine,
    };

    /// <summary>A column's value at a time from the start, straight between two points; the last one holds on.
    /// </summary>
    public double ValueAt(int column, double elapsedS)
    {
        var values = Values[column];
        var time = TimesS[0] + Math.Max(0, elapsedS);
        if (time >= TimesS[^1])
            return values[^1];
        var step = TimesS[1] - TimesS[0];
        var index = Math.Min((int)((time - TimesS[0]) / step), values.Length - 2);
        var share = (time - TimesS[index]) / step;
        return values[index] + ((values[index + 1] - values[index]) * Math.Clamp(share, 0, 1));
    }

    private double[] SumOf(int[] group)
    {
        var sum = new double[TimesS.Count];
        foreach (var column in group)
        {
            for (var i = 0; i < sum.Length; i++)
                sum[i] += Values[column][i];
        }
        return sum;
    }

    private sealed class Parsing(string name, double valueMax)
    {
        private readonly Dictionary<string, string> _header = [];
        private readonly List<string> _problems = [];
        private readonly List<(double S, int Line)> _times = [];
        private readonly List<double[]> _rows = [];
        private string[]? _columns;
        private int _columnsLine;
        private int _lineNumber;

        internal void OnLine(string line)
        {
            _lineNumber++;
            if (line.StartsWith('#'))
                OnHeader(line[1..]);
            else if (string.IsNullOrWhiteSpace(line))
                Complain("is empty");
            else if (_columns is null)
                OnColumns(line.Split(','));
            else
                OnPoint(line.Split(','));
        }

        internal TraceFile Finish()
        {
            if (_columns is null)
                Complain("ends the file before the line of column names");
            else if (_times.Count < 2)
                Complain($"ends the file after {_times.Count} points; at least 2 are needed");
            if (_problems.Count > 0)
                throw new TraceFormatException($"trace {name}: {string.Join("; ", _problems.Take(ProblemsMax))}"
                    + (_problems.Count > ProblemsMax ? $"; and {_problems.Count - ProblemsMax} more" : ""));
            var values = new double[_columns!.Length][];
            for (var column = 0; column < values.Length; column++)
                values[column] = [.. _rows.Select(row => row[column])];
            return new TraceFile(_header, _columns, [.. _times], values) { ColumnsLine = _columnsLine };
        }

        private void OnHeader(string line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                return;
            var (name, text) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
            _header[name] = text;
            if (name == Interval && (!TryFinite(text, out var stepS) || stepS <= 0))
                Complain($"{Interval} is '{text}'; a number of seconds above 0 is needed");
            if (name == Season && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var steps)
                || steps < 1))
                Complain($"{Season} is '{text}'; a whole number of steps from 1 on is needed");
        }

        private void OnColumns(string[] names)
        {
            if (names.Length < 2 || names[0] != "timestamp")
                Complain($"is '{string.Join(',', names)}'; 'timestamp' and at least one column are needed");
            _columns = names[1..];
            _columnsLine = _lineNumber;
        }

        private void OnPoint(string[] fields)
        {
            if (fields.Length != _columns!.Length + 1)
            {
                Complain($"has {fields.Length} fields; {_columns.Length + 1} are needed");
                return;
            }
            var row = new double[_columns.Length];
            if (!TryNumber("timestamp", fields[0], out var time))
                return;
            for (var i = 0; i < row.Length; i++)
            {
                if (!TryNumber(_columns[i], fields[i + 1], out row[i]))
                    return;
                if (row[i] < 0)
                    Complain($"column {_columns[i]} is {fields[i + 1]}; demand is never negative");
                else if (row[i] > valueMax)
                    Complain($"column {_columns[i]} is {fields[i + 1]}; at most {valueMax:0E+0} is allowed");
            }
            CheckTime(time);
            _times.Add((time, _lineNumber));
            _rows.Add(row);
        }

        private void CheckTime(double time)
        {
            if (_times.Count == 0)
                return;
            if (time <= _times[^1].S)
                Complain($"goes back in time from {_times[^1].S} to {time}; times must rise");
            else if (StepS() is { } stepS && Math.Abs(time - _times[^1].S - stepS) > 1e-6)
                Complain($"is {time - _times[^1].S} s after the line before; the step is {stepS} s");
        }

        /// <summary>Null while nothing tells it.</summary>
        private double? StepS() =>
            _header.TryGetValue(Interval, out var text) && TryFinite(text, out var stepS) && stepS > 0 ? stepS
                : _times.Count > 1 ? _times[1].S - _times[0].S
                : null;

        private bool TryNumber(string column, string field, out double number)
        {
            if (TryFinite(field, out number))
                return true;
            Complain($"column {column} is '{field}', not a finite number");
            return false;
        }

        private static bool TryFinite(string text, out double number) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);

        private void Complain(string problem) => _problems.Add($"line {_lineNumber} {problem}");
    }
}
