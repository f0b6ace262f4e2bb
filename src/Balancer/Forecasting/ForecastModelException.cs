namespace ShardStore.Balancer.Forecasting;

/// <summary>A model, or the library that runs it, cannot be used. The message is one line that names the file and
/// what was expected of it.</summary>
public sealed class ForecastModelException(string message, Exception? cause = null) : Exception(message, cause);
