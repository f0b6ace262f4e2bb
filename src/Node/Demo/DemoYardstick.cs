using System.Text;
using ShardStore.Node.Hosting;
using ShardStore.Storage;

namespace ShardStore.Node.Demo;

/// <summary>Tells how much CPU time the same work takes now, beside what it took when the demo began. A second of a
/// shared machine's processor is worth 10 or 20 % more or less from minute to minute (clock rate, neighbours, caches),
/// and two runs one after the other would be two different machines. The work is what most of a request's cost is:
/// looking up keys of a store like the nodes'. A part of a percent of a core.</summary>
internal sealed class DemoYardstick : IDisposable
{
    private const int Keys = 4000;
    private const int SamplesKept = 40;
    private const int SamplesFirst = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(50);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("shardstore-yardstick-");
    private readonly ManualResetEventSlim _stop = new();
    private readonly TaskCompletionSource _isSet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<double> _micros = new();
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private double _first;
    private double _pace = 1;
    private double _paceSum;
    private long _paces;

    private DemoYardstick()
    {
        _thread = new Thread(Measure) { IsBackground = true, Name = "yardstick" };
        _thread.Start();
    }

    /// <summary>Above 1: the same work takes longer than at the start. The middle of the last ten seconds.</summary>
    public double Pace
    {
        get
        {
            lock (_gate)
                return _pace;
        }
    }

    /// <summary>Ends when it is known what the work takes now.</summary>
    public static async Task<DemoYardstick> StartAsync(CancellationToken stop)
    {
        var yardstick = new DemoYardstick();
        try
        {
            await yardstick._isSet.Task.WaitAsync(stop);
            return yardstick;
        }
        catch
        {
            yardstick.Dispose();
            throw;
        }
    }

    /// <summary>The mean since this was asked last.</summary>
    public double TakeMeanPace()
    {
        lock (_gate)
        {
            var mean = _paces == 0 ? _pace : _paceSum / _paces;
            (_paceSum, _paces) = (0, 0);
            return mean;
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _directory.Delete(recursive: true);
    }

    private void Measure()
    {
        try
        {
            using var store = new FasterStoreEngine().Create(Path.Combine(_directory.FullName, "store"));
            var keys = Enumerable.Range(0, Keys).Select(i => Encoding.ASCII.GetBytes($"{{yardstick}}{i}")).ToArray();
            foreach (var key in keys)
                store.Put(KeySpace.User, key, key, 0, 1);
            var into = new RecordBuffer();
            do
            {
                var began = ThreadCpu.Micros();
                foreach (var key in keys)
                    store.TryRead(KeySpace.User, key, into);
                Take(ThreadCpu.Micros() - began);
            }
            while (!_stop.Wait(_first == 0 ? PauseFirst : Pause));
        }
        catch (Exception failure)
        {
            _isSet.TrySetException(failure);
        }
    }

    private void Take(double micros)
    {
        lock (_gate)
        {
            _micros.Enqueue(micros);
            if (_micros.Count > SamplesKept)
                _micros.Dequeue();
            // The first ones pay for compiling.
            if (_first == 0 && _micros.Count == SamplesKept)
            {
                _first = Median(_micros.TakeLast(SamplesFirst));
                _isSet.TrySetResult();
            }
            if (_first == 0)
                return;
            _pace = Median(_micros) / _first;
            _paceSum += _pace;
            _paces++;
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return Math.Max(1, sorted[sorted.Length / 2]);
    }
}
