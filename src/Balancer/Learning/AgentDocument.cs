using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ShardStore.Balancer.Learning;

/// <summary>An agent as JSON with its SHA-256 beside it. Everything that could steer a cluster wrongly by mistake is
/// refused here: another format, other figures, unknown arms, numbers that are none, bytes that were changed.</summary>
public static class AgentDocument
{
    /// <summary>The shape this build writes and reads.</summary>
    public const int Format = 1;

    private const string ShippedName = "balancing-agent.json";
    private const string DigestSuffix = ".sha256";

    private static readonly Lazy<LearnedAgent> s_shipped = new(ReadShipped);

    /// <summary>SHA-256 of the agent that was built with this program.</summary>
    public static string ShippedDigest => Digest(Resource(ShippedName));

    /// <summary>The agent that was built with this program.</summary>
    /// <exception cref="AgentException">It is damaged, or of another version.</exception>
    public static LearnedAgent Shipped => s_shipped.Value;

    /// <summary>The same for who goes on without it: false, and why, where it cannot be used.</summary>
    public static bool TryShipped(
        [NotNullWhen(true)] out LearnedAgent? agent, [NotNullWhen(false)] out string? problem)
    {
        (agent, problem) = (null, null);
        try
        {
            agent = Shipped;
            return true;
        }
        catch (AgentException unusable)
        {
            problem = unusable.Message;
            return false;
        }
    }

    /// <param name="json">UTF-8.</param>
    /// <param name="digest">SHA-256 of it in hexadecimal digits, as sha256sum writes it.</param>
    public static LearnedAgent Read(byte[] json, string digest)
    {
        var expected = digest.Split([' ', '\n'], 2)[0].Trim().ToLowerInvariant();
        var actual = Digest(json);
        return actual == expected
            ? Parse(Encoding.UTF8.GetString(json))
            : throw new AgentException("$", $"its SHA-256 is {actual}; '{expected}' is expected");
    }

    public static string Digest(byte[] json) => Convert.ToHexStringLower(SHA256.HashData(json));

    public static LearnedAgent Parse(string json)
    {
        AgentShape? shape;
        try
        {
            shape = JsonSerializer.Deserialize(json, AgentJson.Default.AgentShape);
        }
        catch (JsonException error)
        {
            throw new AgentException(error.Path ?? "$", "has a value of the wrong type, or is no JSON", error);
        }

        if (shape is null)
        {
            throw new AgentException("$", "the document is empty");
        }

        if (shape.Format != Format)
        {
            throw new AgentException("$.format", $"{shape.Format} is not known to this build; {Format} is");
        }

        AgentChecks.Check(shape);
        return shape.ToAgent();
    }

    public static string Write(LearnedAgent agent)
    {
        var shape = AgentShape.Of(agent);
        AgentChecks.Check(shape);
        return JsonSerializer.Serialize(shape, AgentJson.Default.AgentShape) + "\n";
    }

    private static LearnedAgent ReadShipped() => Read(
        Resource(ShippedName), Encoding.UTF8.GetString(Resource(ShippedName + DigestSuffix)));

    private static byte[] Resource(string name)
    {
        using var stream = typeof(AgentDocument).Assembly.GetManifestResourceStream(name)
            ?? throw new AgentException("$", $"{name} was not built into this program");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
