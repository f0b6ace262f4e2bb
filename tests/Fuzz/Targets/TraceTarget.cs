using System.Text;
using ShardStore.Node.Bench;

namespace ShardStore.Fuzz.Targets;

/// <summary>Load traces of users.</summary>
internal sealed class TraceTarget : IFuzzTarget
{
    public string Name => "trace";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        "# series: a\n# interval_s: 300\n# season_steps: 2\ntimestamp,value\n0,1\n300,2.5\n600,3e2\n"u8.ToArray(),
        "timestamp,a,b\r\n0,1,2\r\n60,3,4\r\n120,5,6\r\n"u8.ToArray(),
    ];

    public void Seal(byte[] input)
    {
        // No checksum.
    }

    public bool Read(byte[] input)
    {
        TraceFile.Parse(new StringReader(Encoding.UTF8.GetString(input)), "trace.csv");
        return true;
    }

    public bool IsRefusal(Exception error) => error is TraceFormatException;
}
