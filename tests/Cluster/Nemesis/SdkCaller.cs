using ShardStore.Client;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Simulation.Clients;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>One caller of the SDK on one shard, one call at a time: reads, sets, deletes, compares and sets, counts.
/// </summary>
internal sealed class SdkCaller(ShardStoreClient client, SharedHistory history, KeyPlan plan, CallerSeat seat)
{
    private readonly Random _random = new(seat.Seed);
    private int _lastValue;

    /// <summary>Errors of the last calls, for a run that does not get served.</summary>
    public string LastProblem { get; private set; } = "";

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await CallAsync();
            // Users think between two calls: the pace of the load, nothing is waited for.
            await Waiting.LastAsync(TimeSpan.FromMilliseconds(_random.Next(5, 25)));
        }
    }

    private Task CallAsync()
    {
        var register = plan.Register(seat.Shard, _random.Next(KeyPlan.Registers));
        var counter = plan.Counter(seat.Shard, _random.Next(KeyPlan.Counters));
        return _random.Next(100) switch
        {
            < 20 => ReadAsync(register),
            < 30 => ReadAsync(counter),
            < 50 => WriteAsync(New(register, OperationKind.Set, NewValue()), SetAsync),
            < 60 => WriteAsync(New(register, OperationKind.Delete), DeleteAsync),
            < 80 => CompareAndSetAsync(register),
            _ => WriteAsync(New(counter, OperationKind.Increment), IncrementAsync),
        };
    }

    private async Task ReadAsync(string key)
    {
        var read = New(key, OperationKind.Get);
        try
        {
            read.Result = await client.GetStringAsync(key);
            read.ReturnedAt = KeyPlan.NowNs;
            history.Add(read);
        }
        catch (ClientException failure)
        {
            LastProblem = failure.Message;
        }
    }

    private async Task CompareAndSetAsync(string key)
    {
        VersionedValue found;
        var read = New(key, OperationKind.Get);
        try
        {
            found = await client.GetVersionedAsync(key);
        }
        catch (ClientException failure)
        {
            LastProblem = failure.Message;
            return;
        }
        read.Result = found.Value?.ToString();
        read.ReturnedAt = KeyPlan.NowNs;
        history.Add(read);
        var write = New(key, OperationKind.CompareAndSet, NewValue()) with { Expected = read.Result };
        await WriteAsync(write, async operation =>
        {
            var result = await client.CompareAndSetAsync(key, found.Version, operation.Value!);
            return (result.Outcome, result.IsConditionFailed ? "no" : "ok", result.Error);
        });
    }

    private async Task<(KvOutcome, string?, ClientException?)> SetAsync(Operation operation)
    {
        var result = await client.SetAsync(operation.Key, operation.Value!);
        return (result.Outcome, null, result.Error);
    }

    private async Task<(KvOutcome, string?, ClientException?)> DeleteAsync(Operation operation)
    {
        var result = await client.DeleteAsync(operation.Key);
        return (result.Outcome, result.Value ? "1" : "0", result.Error);
    }

    private async Task<(KvOutcome, string?, ClientException?)> IncrementAsync(Operation operation)
    {
        var result = await client.IncrementAsync(operation.Key);
        return (result.Outcome, $"{result.Value}", result.Error);
    }

    /// <summary>What surely did not happen is no part of the history.</summary>
    private async Task WriteAsync(
        Operation operation, Func<Operation, Task<(KvOutcome Outcome, string? Result, ClientException? Error)>> write)
    {
        operation.CalledAt = KeyPlan.NowNs;
        var (outcome, result, error) = await write(operation);
        if (error is not null)
            LastProblem = error.Message;
        if (outcome == KvOutcome.NotDone && error is not null)
            return;
        if (outcome != KvOutcome.Unknown)
        {
            operation.ReturnedAt = KeyPlan.NowNs;
            operation.Result = result;
            seat.Served.OnWrite();
        }
        history.Add(operation);
    }

    private static Operation New(string key, OperationKind kind, string? value = null) =>
        new() { Key = key, Kind = kind, Value = value, CalledAt = KeyPlan.NowNs };

    private string NewValue() => $"{seat.Name}-{++_lastValue}";
}

/// <summary>Where a caller sits: its shard, from 0, and who is told of each write that was answered.</summary>
internal sealed record CallerSeat(string Name, int Shard, int Seed, ShardHistory Served);
