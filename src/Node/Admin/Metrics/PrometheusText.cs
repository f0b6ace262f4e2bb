using System.Globalization;
using System.Text;

namespace ShardStore.Node.Admin.Metrics;

/// <summary>Writes the Prometheus text format, version 0.0.4: each family once, with help and type, then its samples.
/// Names and label names are ours and checked; label values are escaped.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const string Prefix = "shardstore_";

    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _families = [];
    private string _family = "";

    public PrometheusText Counter(string name, string help) => Family(name, "counter", help);

    public PrometheusText Gauge(string name, string help) => Family(name, "gauge", help);

    public PrometheusText Summary(string name, string help) => Family(name, "summary", help);

    public PrometheusText Histogram(string name, string help) => Family(name, "histogram", help);

    /// <summary>A sample of the family that was begun last.</summary>
    public PrometheusText Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Sample("", value, labels);

    /// <summary>With a suffix, as the parts of histograms and summaries have them.</summary>
    public PrometheusText Sample(
        string suffix, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_family).Append(suffix);
        for (var i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"");
            AppendEscaped(labels[i].Value);
            _text.Append('"');
        }
        if (labels.Length > 0)
            _text.Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    public static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private PrometheusText Family(string name, string type, string help)
    {
        if (!_families.Add(name))
            throw new InvalidOperationException($"metric {name} is written twice; a family's samples stand together");
        _family = Prefix + name;
        _text.Append("# HELP ").Append(_family).Append(' ').Append(help).Append('\n')
            .Append("# TYPE ").Append(_family).Append(' ').Append(type).Append('\n');
        return this;
    }

    private void AppendEscaped(string value)
    {
        foreach (var letter in value)
        {
            _text.Append(letter switch
            {
                '\\' => @"\\",
                '"' => "\\\"",
                '\n' => "\\n",
                _ => letter.ToString(),
            });
        }
    }
}
