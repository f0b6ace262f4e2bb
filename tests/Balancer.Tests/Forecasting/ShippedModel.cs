using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>The model of this repository, loaded once, and copies of it that tests may damage.</summary>
internal static class ShippedModel
{
    private static readonly Lazy<LstmForecaster> Loaded = new(() =>
        LstmForecaster.TryLoadShipped(out var lstm, out var problem)
            ? lstm
            : throw new InvalidOperationException(problem));

    public static LstmForecaster Lstm => Loaded.Value;

    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, LstmForecaster.ShippedModel);

    /// <summary>The folder of the shipped files in the source tree; the test vectors are not part of a build.</summary>
    public static string SourceFolder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(System.IO.Path.Combine(folder.FullName, "ShardStore.sln")))
            {
                folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the source tree.");
            }

            return System.IO.Path.Combine(folder.FullName, "models");
        }
    }
}
