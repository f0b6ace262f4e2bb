using System.Collections.Concurrent;
using ShardStore.Balancer.Evaluation;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>Evaluates all files, some at once. Files share nothing, so the scores do not depend on how many.</summary>
internal sealed class EvaluateRun(EvaluateOptions options, RunProgress progress)
{
    /// <returns>The scores of each file, in the order of their names.</returns>
    /// <exception cref="EvaluateException">There is nothing to evaluate, or it was interrupted.</exception>
    public async Task<IReadOnlyList<FileScores>> RunAsync(CancellationToken stop)
    {
        var files = EvaluateFiles.Read(options)
            .Select(file => new FileEvaluation(file, RollupLevel.StepBucketsMax, options.Stride)).ToList();
        if (files.All(file => file.Tasks.Count == 0))
            throw new EvaluateException($"--data {options.DataPath}: no series to evaluate; "
                + string.Join("; ", files.SelectMany(file => file.LeftOut)));
        var scores = new FileScores[files.Count];
        var workers = new List<Worker>();
        try
        {
            for (var i = 0; i < Math.Min(options.Threads, files.Count); i++)
                workers.Add(new Worker(options));
            var costs = files.ConvertAll(file => file.CostOf(workers[0].Methods));
            progress.Begin(costs.Sum(), files.Count);
            // The longest first: a long one at the end would leave the other threads idle.
            var waiting = new ConcurrentQueue<int>(Enumerable.Range(0, files.Count).OrderByDescending(i => costs[i]));
            await Task.WhenAll(workers.Select(worker => Task.Run(() => Work(worker, waiting), stop)));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new EvaluateException("forecast evaluate was interrupted and is not complete");
        }
        finally
        {
            workers.ForEach(worker => worker.Dispose());
        }
        return scores;

        void Work(Worker worker, ConcurrentQueue<int> waiting)
        {
            while (waiting.TryDequeue(out var i))
            {
                scores[i] = files[i].Run(worker.Methods, cost =>
                {
                    stop.ThrowIfCancellationRequested();
                    progress.Add(cost);
                });
                progress.Done($"{files[i].Name}, {files[i].Tasks.Count} series");
            }
        }
    }

    /// <summary>The methods of one thread: a model is not used by two at once.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly LstmForecaster? _lstm;

        public Worker(EvaluateOptions options)
        {
            if (!options.IsWithoutModel && MethodCatalog.UsesModel(options.Methods))
                _lstm = Load(options.ModelPath);
            Methods = MethodCatalog.Create(options.Methods, _lstm);
        }

        public MethodSet Methods { get; }

        public void Dispose() => _lstm?.Dispose();

        private static LstmForecaster Load(string? path)
        {
            string? problem;
            var loaded = path is null
                ? LstmForecaster.TryLoadShipped(out var lstm, out problem)
                : LstmForecaster.TryLoad(path, out lstm, out problem);
            return loaded ? lstm! : throw new EvaluateException($"{problem} Choose others with --models, or --model.");
        }
    }
}
