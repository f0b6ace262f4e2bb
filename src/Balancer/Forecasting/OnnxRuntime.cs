using System.Runtime.InteropServices;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// ONNX Runtime's C interface: one exported function hands out a table of functions, called here by position. The
/// table only ever grows at its end, so the positions hold for every version from the one asked for. A call returns
/// a status object, or 0 for success. There is one environment a process, and it lives as long as the process.
/// </summary>
internal sealed unsafe class OnnxRuntime
{
    /// <summary>The oldest interface that has all slots used here.</summary>
    private const uint ApiVersion = 17;

    /// <summary>Below this severity the library is silent; at "error" it would still print to stderr what the
    /// returned status says anyway.</summary>
    private const int LogFatal = 4;

    private const int OptimizeAll = 99;
    private const int DeviceAllocator = 0;
    private const int DefaultMemory = 0;

    private static readonly Lazy<OnnxRuntime> Loaded = new(() => Load(LibraryPath()));

    private readonly void** _slots;
    private readonly nint _environment;
    private readonly nint _memory;
    private readonly nint _allocator;

    private OnnxRuntime(string path)
    {
        if (!NativeLibrary.TryLoad(path, out var library)
            || !NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var export))
        {
            throw new ForecastModelException(
                $"ONNX Runtime's library {path} cannot be loaded: a build on Linux with npm puts it there.");
        }

        var functions = (void**)((delegate* unmanaged[Cdecl]<nint>)export)();
        _slots = (void**)((delegate* unmanaged[Cdecl]<uint, nint>)functions[0])(ApiVersion);
        if (_slots is null)
        {
            throw new ForecastModelException($"ONNX Runtime's library {path} has no interface version {ApiVersion}.");
        }

        nint handle;
        fixed (byte* name = "shardstore\0"u8)
        {
            Check(((delegate* unmanaged[Cdecl]<int, byte*, nint*, nint>)_slots[3])(LogFatal, name, &handle));
        }

        _environment = handle;
        Check(((delegate* unmanaged[Cdecl]<int, int, nint*, nint>)_slots[69])(DeviceAllocator, DefaultMemory, &handle));
        _memory = handle;
        Check(((delegate* unmanaged[Cdecl]<nint*, nint>)_slots[78])(&handle));
        _allocator = handle;
    }

    /// <summary>Loads the library at first use. A failure is remembered: the process keeps giving the same
    /// <see cref="ForecastModelException"/>.</summary>
    public static OnnxRuntime Instance => Loaded.Value;

    internal static OnnxRuntime Load(string path) => new(path);

    private static string LibraryPath()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return Path.Combine(
            AppContext.BaseDirectory, "runtimes", $"linux-{architecture}", "native", "libonnxruntime.so.1");
    }

    public nint CreateSession(ReadOnlySpan<byte> model)
    {
        nint options, session;
        Check(((delegate* unmanaged[Cdecl]<nint*, nint>)_slots[10])(&options));
        try
        {
            // One thread, no spinning: forecasts share the cores with the requests of clients.
            Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)_slots[24])(options, 1));
            Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)_slots[25])(options, 1));
            Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)_slots[23])(options, OptimizeAll));
            Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)_slots[22])(options, LogFatal));
            fixed (byte* key = "session.intra_op.allow_spinning\0"u8, off = "0\0"u8)
            {
                Check(((delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint>)_slots[130])(options, key, off));
            }

            fixed (byte* bytes = model)
            {
                Check(((delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint, nint*, nint>)_slots[8])(
                    _environment, bytes, (nuint)model.Length, options, &session));
            }
        }
        finally
        {
            Release(100, options);
        }

        return session;
    }

    public void ReleaseSession(nint session) => Release(95, session);

    /// <summary>A value of the model's own metadata, or null.</summary>
    public string? Metadata(nint session, string key)
    {
        nint metadata, value = 0;
        Check(((delegate* unmanaged[Cdecl]<nint, nint*, nint>)_slots[111])(session, &metadata));
        var name = Marshal.StringToCoTaskMemUTF8(key);
        try
        {
            Check(((delegate* unmanaged[Cdecl]<nint, nint, nint, nint*, nint>)_slots[116])(
                metadata, _allocator, name, &value));
            return TakeString(value);
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
            Release(118, metadata);
        }
    }

    public long InputCount(nint session) => Count(30, session);

    public long OutputCount(nint session) => Count(31, session);

    public OnnxTensor Input(nint session) => new(Name(36, session), Dimensions(33, session));

    public OnnxTensor Output(nint session) => new(Name(37, session), Dimensions(34, session));

    /// <summary>Runs one input to one output over buffers that the caller keeps in place. The caller has checked
    /// that there is at least one row: with none the library ends the process.</summary>
    public void Run(nint session, OnnxBuffer input, OnnxBuffer output)
    {
        nint from = 0, to = 0;
        try
        {
            from = CreateTensor(input);
            to = CreateTensor(output);
            fixed (byte* inputName = input.Name, outputName = output.Name)
            {
                Check(((delegate* unmanaged[Cdecl]<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)
                    _slots[9])(session, 0, &inputName, &from, 1, &outputName, 1, &to));
            }
        }
        finally
        {
            Release(96, from);
            Release(96, to);
        }
    }

    private nint CreateTensor(OnnxBuffer buffer)
    {
        const int floatType = 1;
        nint value;
        fixed (long* dimensions = buffer.Dimensions)
        {
            Check(((delegate* unmanaged[Cdecl]<nint, float*, nuint, long*, nuint, int, nint*, nint>)_slots[49])(
                _memory, buffer.Values, (nuint)buffer.Length * sizeof(float), dimensions,
                (nuint)buffer.Dimensions.Length, floatType, &value));
        }

        return value;
    }

    private long Count(int slot, nint session)
    {
        nuint count;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)_slots[slot])(session, &count));
        return (long)count;
    }

    private string Name(int slot, nint session)
    {
        nint name;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint, nint*, nint>)_slots[slot])(
            session, 0, _allocator, &name));
        return TakeString(name) ?? "";
    }

    private long[] Dimensions(int slot, nint session)
    {
        nint type, tensor;
        nuint rank;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)_slots[slot])(session, 0, &type));
        try
        {
            // Borrowed from `type`: released with it. Null for something that is not a tensor.
            Check(((delegate* unmanaged[Cdecl]<nint, nint*, nint>)_slots[55])(type, &tensor));
            if (tensor == 0)
            {
                return [];
            }

            Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)_slots[61])(tensor, &rank));
            var dimensions = new long[rank];
            fixed (long* first = dimensions)
            {
                Check(((delegate* unmanaged[Cdecl]<nint, long*, nuint, nint>)_slots[62])(tensor, first, rank));
            }

            return dimensions;
        }
        finally
        {
            Release(98, type);
        }
    }

    private string? TakeString(nint text)
    {
        if (text == 0)
        {
            return null;
        }

        var value = Marshal.PtrToStringUTF8(text);
        Check(((delegate* unmanaged[Cdecl]<nint, nint, nint>)_slots[76])(_allocator, text));
        return value;
    }

    private void Release(int slot, nint handle)
    {
        if (handle != 0)
        {
            ((delegate* unmanaged[Cdecl]<nint, void>)_slots[slot])(handle);
        }
    }

    private void Check(nint status)
    {
        if (status == 0)
        {
            return;
        }

        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint, nint>)_slots[2])(status));
        Release(93, status);
        throw new ForecastModelException($"ONNX Runtime: {message?.ReplaceLineEndings(" ")}");
    }
}
