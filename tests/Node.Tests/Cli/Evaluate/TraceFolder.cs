using System.Globalization;
using System.Text;

namespace ShardStore.Node.Tests.Cli.Evaluate;

/// <summary>A temporary folder with traces.</summary>
internal sealed class TraceFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("shardstore-evaluate-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public TraceFolder With(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return this;
    }

    /// <summary>A day of 24 steps with some noise, one column or several.</summary>
    public TraceFolder WithDays(string name, int columns, int points = 200)
    {
        var random = new Random(columns);
        var text = new StringBuilder("# interval_s: 3600\n# season_steps: 24\ntimestamp");
        for (var column = 0; column < columns; column++)
            text.Append(columns == 1 ? ",value" : $",s{column:00}");
        for (var i = 0; i < points; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{i * 3600}");
            for (var column = 0; column < columns; column++)
            {
                var value = 100 + column + (50 * Math.Sin(2 * Math.PI * i / 24)) + (20 * random.NextDouble());
                text.Append(CultureInfo.InvariantCulture, $",{value:F3}");
            }
        }
        return With(name, text.Append('\n').ToString());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
