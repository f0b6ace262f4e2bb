using System.Diagnostics;

namespace ShardStore.Cluster.Tests.Utilization;

/// <summary>A network of its own for each node: namespaces joined by one bridge, with packet filters inside. Nothing of
/// it is in the machine's own network, and it goes with its namespaces.</summary>
internal sealed class NodeLan : IDisposable
{
    private readonly string _mark = $"sst{Environment.ProcessId}";
    private readonly List<string> _namespaces = [];

    public NodeLan(int hosts)
    {
        Count = hosts;
        var bridge = NameOf("sw");
        try
        {
            Add(bridge);
            Run("ip", "-n", bridge, "link", "add", "br0", "type", "bridge");
            Run("ip", "-n", bridge, "link", "set", "br0", "up");
            for (var host = 0; host < hosts; host++)
                Join(bridge, host);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Count { get; }

    public static string AddressOf(int host) => $"10.77.0.{host + 1}";

    public string NamespaceOf(int host) => NameOf($"h{host + 1}");

    /// <summary>From now on only TCP to or from <paramref name="port"/> reaches a host, besides its own loopback;
    /// new and open connections alike.</summary>
    public void AllowOnly(int port)
    {
        for (var host = 0; host < Count; host++)
            Filter(host, "allowed", $"iif lo accept; tcp dport {port} accept; tcp sport {port} accept; counter drop");
    }

    /// <summary>Two hosts no longer reach each other at all.</summary>
    public void Part(int one, int other)
    {
        Filter(one, "parted", $"ip saddr {AddressOf(other)} drop");
        Filter(other, "parted", $"ip saddr {AddressOf(one)} drop");
    }

    /// <summary>Packets that the filter of <see cref="AllowOnly"/> refused.</summary>
    public long Refused(int host)
    {
        var rules = Run("ip", "netns", "exec", NamespaceOf(host), "nft", "list", "ruleset").Output;
        var words = rules.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Index().Where(word => word.Item == "packets").Sum(word => long.Parse(words[word.Index + 1]));
    }

    /// <summary>True when a TCP connection from one host to a port of another can be opened within a second.</summary>
    public bool Reaches(int from, int to, int port) => Start("ip", "netns", "exec", NamespaceOf(from), "timeout", "1",
        "bash", "-c", $"exec 3<>/dev/tcp/{AddressOf(to)}/{port}").ExitCode == 0;

    public void Dispose()
    {
        foreach (var name in _namespaces)
            Run("ip", "netns", "delete", name);
        _namespaces.Clear();
    }

    private void Join(string bridge, int host)
    {
        var name = NamespaceOf(host);
        Add(name);
        Run("ip", "-n", bridge, "link", "add", $"v{host}", "type", "veth", "peer", "name", "eth0", "netns", name);
        Run("ip", "-n", bridge, "link", "set", $"v{host}", "master", "br0", "up");
        Run("ip", "-n", name, "address", "add", $"{AddressOf(host)}/24", "dev", "eth0");
        Run("ip", "-n", name, "link", "set", "lo", "up");
        Run("ip", "-n", name, "link", "set", "eth0", "up");
    }

    /// <summary>A chain of its own: what one chain drops no other lets through.</summary>
    private void Filter(int host, string chain, string rules) => Run("ip", "netns", "exec", NamespaceOf(host), "nft",
        $"add table inet t; add chain inet t {chain} {{ type filter hook input priority 0; }}; "
        + string.Join(' ', rules.Split("; ").Select(rule => $"add rule inet t {chain} {rule};")));

    private void Add(string name)
    {
        Run("ip", "netns", "add", name);
        _namespaces.Add(name);
    }

    private string NameOf(string part) => _mark + part;

    private static (int ExitCode, string Output) Run(params string[] words)
    {
        var result = Start(words);
        return result.ExitCode == 0
            ? result
            : throw new InvalidOperationException($"{string.Join(' ', words)}: {result.ExitCode} {result.Output}");
    }

    private static (int ExitCode, string Output) Start(params string[] words)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
