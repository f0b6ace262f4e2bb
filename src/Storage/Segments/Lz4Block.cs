using System.Runtime.InteropServices;

namespace ShardStore.Storage.Segments;

/// <summary>The only user of the system's liblz4: single blocks without a frame of their own. A damaged block often
/// decodes to wrong bytes of the right length, so callers check a CRC before they decode.</summary>
internal static partial class Lz4Block
{
    private const string Library = "liblz4.so.1";

    public static int BytesMax(int rawBytes) => rawBytes + rawBytes / 255 + 16;

    /// <summary>Returns the compressed length, 0 when <paramref name="into"/> is too small.</summary>
    public static unsafe int Compress(ReadOnlySpan<byte> raw, Span<byte> into)
    {
        fixed (byte* source = raw, target = into)
        {
            try
            {
                return LZ4_compress_default(source, target, raw.Length, into.Length);
            }
            catch (DllNotFoundException missing)
            {
                throw Missing(missing);
            }
        }
    }

    /// <summary>Returns the number of bytes decoded, negative when the block is not valid LZ4.</summary>
    public static unsafe int Decompress(ReadOnlySpan<byte> block, Span<byte> into)
    {
        fixed (byte* source = block, target = into)
        {
            try
            {
                return LZ4_decompress_safe(source, target, block.Length, into.Length);
            }
            catch (DllNotFoundException missing)
            {
                throw Missing(missing);
            }
        }
    }

    private static IOException Missing(DllNotFoundException inner) =>
        new($"the LZ4 library {Library} is not installed (Debian: apt-get install liblz4-1)", inner);

    [LibraryImport(Library)]
    private static unsafe partial int LZ4_compress_default(
        byte* source, byte* target, int sourceBytes, int targetBytes);

    [LibraryImport(Library)]
    private static unsafe partial int LZ4_decompress_safe(
        byte* source, byte* target, int sourceBytes, int targetBytes);
}
