using System.Diagnostics;

namespace ShardStore.Cluster.Tests.Utilization;

/// <summary>A network of its own for each node: namespaces joined by one bridge, with packet filters inside. Nothing of
/// it is in the machine's own network, but for the plug of <see cref="Open"/>, and all goes with the namespaces.
/// </summary>
internal sealed class NodeLan : IDisposable
{
    private const int OwnHost = 253;
    private readonly string _network;
    private readonly string _mark = $"sst{Environment.ProcessId}";
    private readonly List<string> _namespaces = [];

    /// <param name="hosts">How many.</param>
    /// <param name="network">First three numbers of the addresses.</param>
    public NodeLan(int hosts, string network = "10.77.0")
    {
        Count = hosts;
        _network = network;
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

    public string AddressOf(int host) => $"{_network}.{host + 1}";

    public string NamespaceOf(int host) => NameOf($"h{host + 1}");

    public string SwitchNamespace => NameOf("sw");

    /// <summary>The host's end of its cable, in the switch's namespace.</summary>
    public static string PortOf(int host) => $"v{host}";

    /// <summary>Plugs this process in: clients outside of the namespaces reach all hosts. The network's numbers should
    /// then be this process's own.</summary>
    public void Open()
    {
        var bridge = NameOf("sw");
        Run("ip", "link", "add", NameOf("up"), "type", "veth", "peer", "name", "plug", "netns", bridge);
        Run("ip", "-n", bridge, "link", "set", "plug", "master", "br0", "up");
        Run("ip", "address", "add", $"{AddressOf(OwnHost)}/24", "dev", NameOf("up"));
        Run("ip", "link", "set", NameOf("up"), "up");
    }

    /// <summary>Drops what comes from some hosts to one of them.</summary>
    public void Block(int host, IEnumerable<int> from) => Filter(
        host, "blocked", string.Join("; ", from.Select(other => $"ip saddr {AddressOf(other)} counter drop")));

    /// <summary>Nothing reaches a host and nothing leaves it: a cable that is out, at nobody's notice.</summary>
    public void CutOff(int host)
    {
        Filter(host, "cutoff", "iif lo accept; counter drop");
        Filter(host, "cutoffout", "oif lo accept; counter drop", "output");
    }

    /// <summary>Loses so many percent of the packets that a host would receive.</summary>
    public void Lose(int host, int percent) =>
        Filter(host, "lossy", $"iif lo accept; numgen random mod 100 < {percent} counter drop");

    /// <summary>Takes all filters of a host away.</summary>
    public void Heal(int host) =>
        Start("ip", "netns", "exec", NamespaceOf(host), "nft", "delete", "table", "inet", "t");

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

    /// <summary>Packets that the filters of a host dropped.</summary>
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
    private void Filter(int host, string chain, string rules, string hook = "input") => Run(
        "ip", "netns", "exec", NamespaceOf(host), "nft",
        $"add table inet t; add chain inet t {chain} {{ type filter hook {hook} priority 0; }}; "
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
