namespace ShardStore.Node.Telemetry;

/// <summary>
/// Several nodes in one process (`dev`): the operating system counts them as one, so the process's CPU, memory and disk
/// are split by the CPU time that each node's own work accounts for. A node that did nothing in the window gets
/// nothing; when none did, they share equally. Thread-safe: every node samples on its own.
/// </summary>
/// <param name="process">Reads what the process as a whole has used.</param>
/// <param name="ownWorkOnly">True: a node's CPU is what its own work accounts for, and the rest belongs to nobody. For
/// a process that also makes the load: what that costs must not count as the nodes'.</param>
public sealed class SharedProcess(INodeReadings process, bool ownWorkOnly = false)
{
    private readonly Lock _lock = new();
    private readonly List<Part> _parts = [];
    private NodeReading _last;
    private bool _started;

    /// <param name="workMicros">CPU time this node has accounted for since it started; only grows.</param>
    public INodeReadings AddNode(Func<long> workMicros)
    {
        lock (_lock)
        {
            var part = new Part(this, workMicros);
            _parts.Add(part);
            return part;
        }
    }

    private NodeReading ReadFor(Part part)
    {
        lock (_lock)
        {
            var now = process.Read();
            if (_started)
                Share(now);
            _last = now;
            _started = true;
            var cpuMicros = ownWorkOnly ? part.WorkMicrosTotal : (long)part.CpuMicros;
            return new NodeReading(now.MonotonicMicros, cpuMicros, now.MemoryBytes / _parts.Count)
            {
                DiskReadBytes = (long)part.DiskReadBytes,
                DiskWriteBytes = (long)part.DiskWriteBytes,
            };
        }
    }

    private void Share(in NodeReading now)
    {
        var workTotal = 0L;
        foreach (var part in _parts)
            workTotal += part.TakeWork();
        foreach (var part in _parts)
        {
            var share = workTotal == 0 ? 1.0 / _parts.Count : (double)part.WorkMicros / workTotal;
            part.CpuMicros += share * (now.CpuMicros - _last.CpuMicros);
            part.DiskReadBytes += share * (now.DiskReadBytes - _last.DiskReadBytes);
            part.DiskWriteBytes += share * (now.DiskWriteBytes - _last.DiskWriteBytes);
        }
    }

    private sealed class Part(SharedProcess owner, Func<long> workMicros) : INodeReadings
    {
        private long _workSeen = workMicros();

        public double CpuMicros;
        public double DiskReadBytes;
        public double DiskWriteBytes;

        /// <summary>Work since the last split.</summary>
        public long WorkMicros { get; private set; }

        public long WorkMicrosTotal { get; private set; }

        public long TakeWork()
        {
            var work = workMicros();
            WorkMicros = Math.Max(0, work - _workSeen);
            _workSeen = work;
            WorkMicrosTotal += WorkMicros;
            return WorkMicros;
        }

        public NodeReading Read() => owner.ReadFor(this);
    }
}
