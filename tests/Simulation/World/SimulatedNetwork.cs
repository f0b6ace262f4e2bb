namespace ShardStore.Simulation.World;

/// <summary>One connection a pair of nodes. What is sent on it arrives in order, late, or not at all; when it breaks,
/// what was on the way is lost, except that some of it still arrives, after what the next connection brings. That is
/// also how a frame comes twice, which the real transport never does.
/// </summary>
public sealed class SimulatedNetwork(SimulatedWorld world, int nodes)
{
    private const long DelayMicrosMin = 150;
    private readonly Route[,] _routes = Build(nodes);
    private readonly long[,] _upAtMicros = new long[nodes + 1, nodes + 1];
    private readonly long[,] _connection = new long[nodes + 1, nodes + 1];

    /// <summary>Share of frames with messages that get lost.</summary>
    public double Loss { get; set; }

    /// <summary>Share of frames with messages that come a second time, later.</summary>
    public double Duplication { get; set; }

    /// <summary>Replicas that send nothing, on nodes that are healthy otherwise.</summary>
    public HashSet<(int Node, ulong Group)> Mute { get; } = [];

    /// <summary>Whether a node's process runs.</summary>
    public Func<int, bool> IsAlive { get; set; } = _ => true;

    public bool IsConnected(int from, int to) =>
        from != to && IsAlive(from) && IsAlive(to) && world.NowMicros >= _upAtMicros[from, to];

    /// <summary>Carries a frame; the sender may be late itself, by a stall in the middle of its turn.</summary>
    public void Send(int from, int to, bool mayGetLost, long lateMicros, Action deliver)
    {
        var route = _routes[from, to];
        if (!IsConnected(from, to) || route.Blocks > 0 || (mayGetLost && world.Chance(Loss)))
            return;
        var connection = _connection[from, to];
        var arrival = world.NowMicros + lateMicros + DelayMicrosMin + world.Between(0, 700) + route.ClogMicros;
        arrival = route.LastArrivalMicros = Math.Max(route.LastArrivalMicros, arrival);
        world.Events.After(arrival - world.NowMicros, () => Arrive(from, to, connection, mayGetLost, deliver));
    }

    /// <summary>Nothing arrives in this direction until <see cref="Unblock"/>; nobody is told.</summary>
    public void Block(int from, int to) => _routes[from, to].Blocks++;

    public void Unblock(int from, int to)
    {
        if (--_routes[from, to].Blocks == 0)
            Break(from, to);
    }

    public void Clog(int from, int to, long micros) => _routes[from, to].ClogMicros = micros;

    /// <summary>Ends the connection; the next one comes up a moment later.</summary>
    public void Break(int one, int other)
    {
        _connection[one, other] = ++_connection[other, one];
        _upAtMicros[one, other] = _upAtMicros[other, one] = world.NowMicros + world.Between(5_000, 300_000);
        _routes[one, other].LastArrivalMicros = _routes[other, one].LastArrivalMicros = 0;
    }

    /// <summary>Whatever broke between two nodes is up again.</summary>
    public void Connect(int one, int other) =>
        _upAtMicros[one, other] = _upAtMicros[other, one] = world.NowMicros;

    public void BreakAll(int node)
    {
        for (var other = 1; other < _routes.GetLength(0); other++)
        {
            if (other != node)
                Break(node, other);
        }
    }

    public void Heal()
    {
        Loss = 0;
        Duplication = 0;
        for (var from = 1; from < _routes.GetLength(0); from++)
        {
            for (var to = 1; to < _routes.GetLength(0); to++)
            {
                _routes[from, to].ClogMicros = 0;
                if (_routes[from, to].Blocks > 0)
                    Break(from, to);
                _routes[from, to].Blocks = 0;
            }
        }
    }

    private void Arrive(int from, int to, long connection, bool isMessages, Action deliver)
    {
        if (!IsAlive(to) || _routes[from, to].Blocks > 0)
            return;
        if (connection != _connection[from, to])
        {
            if (world.Chance(0.2))
                DeliverLate("fault: frame of an old connection", deliver);
            return;
        }
        deliver();
        if (isMessages && world.Chance(Duplication))
            DeliverLate("fault: frame twice", deliver);
    }

    private void DeliverLate(string what, Action deliver)
    {
        world.Counters.Count(what);
        world.Events.After(world.Between(100, 500_000), deliver);
    }

    private static Route[,] Build(int nodes)
    {
        var routes = new Route[nodes + 1, nodes + 1];
        for (var from = 0; from <= nodes; from++)
        {
            for (var to = 0; to <= nodes; to++)
                routes[from, to] = new Route();
        }
        return routes;
    }

    private sealed class Route
    {
        public int Blocks { get; set; }
        public long ClogMicros { get; set; }
        public long LastArrivalMicros { get; set; }
    }
}
