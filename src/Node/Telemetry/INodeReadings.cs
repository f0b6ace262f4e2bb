namespace ShardStore.Node.Telemetry;

/// <summary>Counters that the machine keeps about this node. The seam that makes the sampler testable.</summary>
public interface INodeReadings
{
    NodeReading Read();
}
