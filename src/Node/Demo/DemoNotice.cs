namespace ShardStore.Node.Demo;

/// <summary>When a controller first proposed to take load off the hot node, and why. <paramref name="OverloadS"/>: when
/// it expected the overload; null when it was there already.</summary>
public sealed record DemoNotice(double AtS, double? OverloadS, string Why);
