using System.Runtime.InteropServices;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// The demand model in an ONNX Runtime session: rows of features in, steps × levels out. The only file but
/// <see cref="OnnxRuntime"/> that knows ONNX; the managed package could replace the two in one change.
/// Any thread may call <see cref="Run"/>; disposing waits for nobody, the session goes with the last run.
/// </summary>
internal sealed class OnnxModel : IDisposable
{
    public const int Width = LstmFeatures.Width;
    public const int OutputWidth = ForecastLevels.StepsMax * 7;

    /// <summary>Rows in one call. Cheapest per row, and the library keeps the memory of its largest call for
    /// good.</summary>
    public const int BatchRowsMax = 64;

    private readonly Session _session;

    private OnnxModel(Session session) => _session = session;

    /// <summary>Reads a file with its checksum.</summary>
    /// <exception cref="ForecastModelException">What is wrong with it, in one line.</exception>
    public static OnnxModel Load(string path) => Load(ForecastModelFile.Read(path), $"Model file {path}");

    /// <summary>Checks metadata and shapes of a model whose bytes are known to be the right ones.</summary>
    /// <param name="bytes">ONNX.</param>
    /// <param name="name">What a problem calls it.</param>
    /// <exception cref="ForecastModelException">What is wrong with it, in one line.</exception>
    public static OnnxModel Load(ReadOnlySpan<byte> bytes, string name)
    {
        var runtime = OnnxRuntime.Instance;
        Session session;
        try
        {
            session = new Session(runtime, runtime.CreateSession(bytes));
        }
        catch (ForecastModelException e)
        {
            throw new ForecastModelException($"{name} is refused by {e.Message}", e);
        }

        try
        {
            CheckMetadata(name, runtime, session.Pointer);
            CheckShapes(name, runtime, session.Pointer);
            return new OnnxModel(session);
        }
        catch (ForecastModelException)
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Computes <paramref name="rows"/> rows of <see cref="Width"/> features into rows of
    /// <see cref="OutputWidth"/>. The features must be finite: the model would answer NaN with NaN.</summary>
    public void Run(ReadOnlySpan<float> features, Span<float> quantiles, int rows)
    {
        if (rows < 0 || features.Length != (long)rows * Width || quantiles.Length != (long)rows * OutputWidth)
        {
            throw new ArgumentException(
                $"{rows} rows need {Width} features and room for {OutputWidth} values each, "
                + $"not {features.Length} and {quantiles.Length} in all.", nameof(rows));
        }

        for (var done = 0; done < rows; done += BatchRowsMax)
        {
            var count = Math.Min(BatchRowsMax, rows - done);
            RunBatch(
                features.Slice(done * Width, count * Width),
                quantiles.Slice(done * OutputWidth, count * OutputWidth),
                count);
        }
    }

    public void Dispose() => _session.Dispose();

    private unsafe void RunBatch(ReadOnlySpan<float> features, Span<float> quantiles, int rows)
    {
        var held = false;
        try
        {
            _session.DangerousAddRef(ref held);
            fixed (float* input = features, output = quantiles)
            {
                _session.Runtime.Run(
                    _session.Pointer,
                    new OnnxBuffer("features\0"u8, input, [rows, Width]),
                    new OnnxBuffer("quantiles\0"u8, output, [rows, ForecastLevels.StepsMax, ForecastLevels.Count]));
            }
        }
        finally
        {
            if (held)
            {
                _session.DangerousRelease();
            }
        }
    }

    private static void CheckMetadata(string name, OnnxRuntime runtime, nint session)
    {
        (string Key, string Expected)[] facts =
        [
            ("shardstore.format", "1"),
            ("shardstore.layout", LstmFeatures.Layout),
            ("shardstore.levels", string.Join(',', ForecastLevels.All)),
            ("shardstore.steps", $"{ForecastLevels.StepsMax}"),
            ("shardstore.window", $"{LstmFeatures.Window}"),
        ];
        foreach (var (key, expected) in facts)
        {
            var actual = runtime.Metadata(session, key);
            if (actual != expected)
            {
                var found = actual is null ? "has no" : $"has '{actual}' as";
                throw new ForecastModelException(
                    $"{name} {found} metadata {key}: '{expected}' is expected.");
            }
        }
    }

    private static void CheckShapes(string name, OnnxRuntime runtime, nint session)
    {
        if (runtime.InputCount(session) != 1 || runtime.OutputCount(session) != 1)
        {
            throw new ForecastModelException($"{name}: one input and one output are expected.");
        }

        CheckTensor(name, runtime.Input(session), "features", [-1, Width]);
        CheckTensor(name, runtime.Output(session), "quantiles", [-1, ForecastLevels.StepsMax, ForecastLevels.Count]);
    }

    private static void CheckTensor(string model, OnnxTensor actual, string name, long[] dimensions)
    {
        if (actual.Name != name || !actual.Dimensions.AsSpan().SequenceEqual(dimensions))
        {
            throw new ForecastModelException(
                $"{model} has tensor {actual.Name}[{string.Join(',', actual.Dimensions)}]: "
                + $"{name}[{string.Join(',', dimensions)}] is expected.");
        }
    }

    /// <summary>Counts its users, so that Dispose during a run releases the session after it, not under it.</summary>
    private sealed class Session : SafeHandle
    {
        public Session(OnnxRuntime runtime, nint session)
            : base(0, ownsHandle: true)
        {
            Runtime = runtime;
            SetHandle(session);
        }

        public OnnxRuntime Runtime { get; }

        public nint Pointer => handle;

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            Runtime.ReleaseSession(handle);
            return true;
        }
    }
}
