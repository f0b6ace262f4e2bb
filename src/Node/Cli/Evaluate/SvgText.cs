using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>Interpolated SVG: coordinates get one decimal, a tenth of a pixel; more would double the file.</summary>
[InterpolatedStringHandler]
internal readonly ref struct SvgText(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 6));

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(double value) => _text.Append(value.ToString("0.#", CultureInfo.InvariantCulture));

    public void AppendFormatted(string text) => _text.Append(text);

    public override string ToString() => _text.ToString();
}
