using System.Text;
using ShardStore.Balancer;

namespace ShardStore.Fuzz.Targets;

/// <summary>Policy documents of operators.</summary>
internal sealed class PolicyTarget : IFuzzTarget
{
    public string Name => "policy";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        Encoding.UTF8.GetBytes(PolicyDocument.Write(BalancingPolicy.Default)),
        "{ \"format\": 1, \"mode\": \"predictive\", \"triggers\": { \"threshold\": 0.7 } }"u8.ToArray(),
        """
        {"format":1,"profiles":[{"shards":[7,8],"growthPercentPerDay":3,"timeZone":"Europe/Berlin",
        "windows":[{"name":"day","days":["mon","fri"],"start":"09:00","end":"11:00","factor":2}],
        "events":[{"name":"sale","start":"2026-11-27T18:00:00+01:00","minutes":180,"factor":10}]},
        {"tag":"user1","growthPercentPerDay":-3}]}
        """u8.ToArray(),
    ];

    public void Seal(byte[] input)
    {
        // No checksum.
    }

    public bool Read(byte[] input)
    {
        PolicyDocument.Parse(Encoding.UTF8.GetString(input));
        return true;
    }

    public bool IsRefusal(Exception error) => error is PolicyException;
}
