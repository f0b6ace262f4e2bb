using System.Security.Cryptography;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Reads a model and compares it with the SHA-256 in the file beside it (`NAME.sha256`, as sha256sum writes it).
/// ONNX Runtime loads and runs about a third of damaged models without a word, so the bytes are checked before it
/// sees them.
/// </summary>
public static class ForecastModelFile
{
    /// <summary>Ours is below 1 MB; more is another file by mistake.</summary>
    private const long ModelBytesMax = 64 << 20;

    private const int DigestCharacters = 64;

    /// <exception cref="ForecastModelException">It cannot be read, or its bytes are others.</exception>
    public static byte[] Read(string path)
    {
        var expected = ReadDigest(path + ".sha256");
        byte[] model;
        try
        {
            var bytes = new FileInfo(path).Length;
            if (bytes > ModelBytesMax)
            {
                throw new ForecastModelException(
                    $"Model file {path} has {bytes} bytes, at most {ModelBytesMax} are expected.");
            }

            model = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ForecastModelException($"Model file {path} cannot be read: {e.Message}", e);
        }

        var actual = Convert.ToHexStringLower(SHA256.HashData(model));
        if (actual != expected)
        {
            throw new ForecastModelException(
                $"Model file {path} is damaged: its SHA-256 is {actual}, {expected} is expected.");
        }

        return model;
    }

    private static string ReadDigest(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ForecastModelException($"Checksum file {path} cannot be read: {e.Message}", e);
        }

        var digest = text.Split([' ', '\n'], 2)[0].Trim().ToLowerInvariant();
        if (digest.Length != DigestCharacters || !digest.All(char.IsAsciiHexDigit))
        {
            throw new ForecastModelException(
                $"Checksum file {path} holds no SHA-256 of {DigestCharacters} hexadecimal digits.");
        }

        return digest;
    }
}
