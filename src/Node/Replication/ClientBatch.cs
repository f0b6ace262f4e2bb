using ShardStore.Node.Commands;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Replication;

/// <summary>The client writes of one entry, in the order they are applied in.</summary>
public sealed class ClientBatch(RequestDispatcher dispatcher) : IProposal
{
    public List<ClientRequest> Requests { get; } = [];

    /// <summary>Surely not done: whoever leads now may do it, and the client need not know.</summary>
    public void OnLost()
    {
        foreach (var request in Requests)
            dispatcher.Hold(request);
        Requests.Clear();
    }

    public void OnAbandoned()
    {
        foreach (var request in Requests)
            request.Fail(RequestDispatcher.UnknownOutcome);
        Requests.Clear();
    }

    public void CompleteAll(ShardMeter meter)
    {
        var now = dispatcher.NowMicros;
        foreach (var request in Requests)
        {
            meter.Latency.Record(now - request.SubmittedMicros);
            request.Complete();
        }
        Requests.Clear();
    }
}
