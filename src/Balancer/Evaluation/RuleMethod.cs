namespace ShardStore.Balancer.Evaluation;

/// <summary>A yardstick under evaluation.</summary>
internal sealed class RuleMethod(string name, int cost, PointRule rule) : EvaluationMethod(name, isPoint: true, cost)
{
    internal override void Run(ProtocolTask task, OriginRange origins, ForecastTaker take)
    {
        Span<double> points = stackalloc double[ProtocolTask.Steps];
        for (var i = 0; i < origins.Count; i++)
        {
            rule(task.Values.AsSpan(0, origins[i] + 1), task, points);
            take(origins[i], points);
        }
    }
}
