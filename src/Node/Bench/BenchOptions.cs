using ShardStore.Client;
using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>What load to make, and for how long.</summary>
public sealed record BenchOptions
{
    /// <summary>Nodes to ask for the map, each host:port; one that answers is enough.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>How long to run. Unit: seconds. Default 10, range 1 to 86,400.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>Workers; each holds one connection to every node it needs. Default 50, range 1 to 10,000.</summary>
    public int Connections { get; init; } = 50;

    /// <summary>Most commands a worker sends before it waits for the replies. Default 16, range 1 to 10,000.</summary>
    public int Pipeline { get; init; } = 16;

    /// <summary>Share of reads. Default 0.5, range 0 to 1.</summary>
    public double Reads { get; init; } = 0.5;

    /// <summary>Distinct keys. Default 1,000,000, range 1 to 1,000,000,000.</summary>
    public long Keys { get; init; } = 1_000_000;

    /// <summary>Size of a written value. Unit: bytes. Default 100, range 1 to 64 MiB; at least 32 to verify.</summary>
    public int ValueBytes { get; init; } = 100;

    public KeyDistribution Distribution { get; init; }

    /// <summary>Operations per second to start, whatever the server does; latency then counts from the moment each
    /// was due. 0 = each worker goes on when its last replies are in. With a trace: the rate at its peak.</summary>
    public double RatePerSecond { get; init; }

    /// <summary>A trace file to replay as demand over time; null for none.</summary>
    public string? ReplayPath { get; init; }

    /// <summary>Trace seconds per real second. Default 60, range above 0 to 1,000,000.</summary>
    public double ReplaySpeed { get; init; } = 60;

    /// <summary>Demand on all slots evenly under a trace of one series, as a share of its peak. Default 0.2.</summary>
    public double BackgroundShare { get; init; } = 0.2;

    /// <summary>First slot of the hot range (hotspot, trace of one series). Default 0.</summary>
    public int HotSlotFirst { get; init; }

    /// <summary>Last slot of the hot range. Default 340: the first shard of 48.</summary>
    public int HotSlotLast { get; init; } = 340;

    /// <summary>True: write unique values, remember the acknowledged ones and read them all back at the end.</summary>
    public bool Verify { get; init; }

    /// <summary>Longest wait for the replies of one batch. Unit: milliseconds. Default 5000, then it is an error.
    /// </summary>
    public int ReplyTimeoutMs { get; init; } = 5000;

    public int Seed { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of its range; the text names it, its value and what is
    /// allowed.</exception>
    public void Validate()
    {
        if (Endpoints is null || Endpoints.Count == 0)
            throw new ArgumentException("--endpoints is empty; at least one host:port is needed");
        foreach (var endpoint in Endpoints)
            NodeAddress.Parse(endpoint);
        Check("--seconds", Seconds, 1, 86_400);
        Check("--connections", Connections, 1, 10_000);
        Check("--pipeline", Pipeline, 1, 10_000);
        Check("--reads", Reads, 0, 1);
        Check("--keys", Keys, 1, 1_000_000_000);
        Check("--value", ValueBytes, Verify ? 32 : 1, 64 << 20);
        Check("--rate", RatePerSecond, 0, 100_000_000);
        Check("--speed", ReplaySpeed, double.Epsilon, 1_000_000);
        Check("--background", BackgroundShare, 0, 1);
        Check("--hot-slot-first", HotSlotFirst, 0, HashSlot.Count - 1);
        Check("--hot-slot-last", HotSlotLast, HotSlotFirst, HashSlot.Count - 1);
        Check("--reply-timeout", ReplyTimeoutMs, 1, 600_000);
        if (Verify && ReplayPath is not null)
            throw new ArgumentException("--verify and --replay exclude each other");
        if (Verify && Keys < Connections)
            throw new ArgumentException($"--keys {Keys} is less than --connections {Connections}; --verify needs a key "
                + "for each");
    }

    private static void Check(string option, double value, double min, double max)
    {
        if (!(value >= min && value <= max))
            throw new ArgumentException($"{option} {value} is not in {min} to {max}");
    }
}
