namespace ShardStore.Balancer;

/// <summary>Standard errors of a fitted <see cref="CostModel"/>, in its units: two of them to either side hold the true
/// figure 19 times in 20, if the samples are independent. One that is larger than its figure says that the samples do
/// not tell it apart from the others.</summary>
/// <param name="Residual">What the model leaves unexplained of a sample. Unit: cores.</param>
public sealed record CostErrors(double Read, double Write, double FollowerWrite, double Idle, double Residual);
