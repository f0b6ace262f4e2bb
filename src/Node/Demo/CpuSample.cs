namespace ShardStore.Node.Demo;

/// <summary>One second of a node: CPU as a share of its cores, taken at <paramref name="AtS"/>.</summary>
internal readonly record struct CpuSample(double AtS, int Node, double Share);
