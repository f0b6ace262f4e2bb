using System.Text.Json;
using System.Text.Json.Nodes;

namespace ShardStore.Balancer;

/// <summary>The policy as JSON: <c>{"format":1,"mode":"predictive","limits":{"cooldownSeconds":900}}</c>. A field left
/// out has the preset's value or its default, an unknown one is refused, and every error names the field by its path.
/// Comments and trailing commas are accepted, since people write these files.</summary>
public static class PolicyDocument
{
    /// <summary>The shape this build writes. An older one is read, a newer one refused by name.</summary>
    public const int Format = 1;

    private static readonly JsonDocumentOptions s_reading = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 16,
        AllowDuplicateProperties = false,
    };

    public static BalancingPolicy Parse(string json)
    {
        var given = ReadObject(json);
        CheckFormat(given);
        // The generated reader fills fields that are left out with zeros, so the document is laid over the defaults.
        var merged = ToNode(PolicyPresets.Of(PresetOf(given)));
        Overlay(merged, given, "$");
        var policy = ReadPolicy(merged);
        PolicyChecks.Check(policy);
        return policy;
    }

    public static string Write(BalancingPolicy policy)
    {
        PolicyChecks.Check(policy);
        var document = new JsonObject { ["format"] = Format };
        foreach (var (name, value) in ToNode(policy))
            document[name] = value?.DeepClone();
        return document.ToJsonString(PolicyJson.Default.Options);
    }

    private static JsonObject ReadObject(string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: s_reading) as JsonObject
                ?? throw new PolicyException("$", "the document is not a JSON object");
        }
        catch (JsonException error)
        {
            throw new PolicyException("$", $"not valid JSON: {error.Message}");
        }
        catch (ArgumentException error)
        {
            // How the reader reports a name that is given twice.
            throw new PolicyException("$", error.Message);
        }
    }

    private static string? PresetOf(JsonObject given) => given["preset"] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? name) => name,
        _ => throw new PolicyException("$.preset", $"must be one of {string.Join(", ", PolicyPresets.Names)}"),
    };

    private static void CheckFormat(JsonObject given)
    {
        var format = 0;
        if (given["format"] is not JsonValue value || !value.TryGetValue(out format))
            throw new PolicyException("$.format", $"is missing or not a whole number; {Format} is expected");
        if (format is < 1 or > Format)
            throw new PolicyException("$.format", $"{format} is not known to this build; 1 to {Format} is");
        given.Remove("format");
    }

    private static void Overlay(JsonObject target, JsonObject given, string path)
    {
        foreach (var (name, value) in given)
        {
            var here = $"{path}.{name}";
            if (!target.ContainsKey(name))
            {
                var allowed = string.Join(", ", target.Select(field => field.Key));
                throw new PolicyException(here, $"is not known; allowed here: {allowed}");
            }
            if (ItemDefault(name) is { } item)
                target[name] = OverlayItems(item, value, here);
            else if (target[name] is not JsonObject inner)
                target[name] = value?.DeepClone();
            else if (value is JsonObject part)
                Overlay(inner, part, here);
            else
                throw new PolicyException(here, "must be an object");
        }
    }

    /// <summary>What an object of a list has where it is silent; null for a field that is no list of objects.</summary>
    private static JsonNode? ItemDefault(string name) => name switch
    {
        "profiles" => JsonSerializer.SerializeToNode(new UsageProfile(), PolicyJson.Default.UsageProfile),
        "windows" => JsonSerializer.SerializeToNode(new UsageWindow(), PolicyJson.Default.UsageWindow),
        "events" => JsonSerializer.SerializeToNode(new UsageEvent(), PolicyJson.Default.UsageEvent),
        "quietHours" => JsonSerializer.SerializeToNode(new QuietWindow(), PolicyJson.Default.QuietWindow),
        _ => null,
    };

    private static JsonArray OverlayItems(JsonNode item, JsonNode? given, string path)
    {
        if (given is not JsonArray list)
            throw new PolicyException(path, "must be a list");
        var items = new JsonArray();
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is not JsonObject part)
                throw new PolicyException($"{path}[{i}]", "must be an object");
            var merged = (JsonObject)item.DeepClone();
            Overlay(merged, part, $"{path}[{i}]");
            items.Add((JsonNode)merged);
        }
        return items;
    }

    private static BalancingPolicy ReadPolicy(JsonObject merged)
    {
        try
        {
            return merged.Deserialize(PolicyJson.Default.BalancingPolicy)
                ?? throw new PolicyException("$", "the document is empty");
        }
        catch (JsonException error)
        {
            throw new PolicyException(error.Path ?? "$", "has a value of the wrong type");
        }
    }

    /// <summary>All fields, those that have their default too.</summary>
    internal static JsonObject ToNode(BalancingPolicy policy) =>
        (JsonObject)JsonSerializer.SerializeToNode(policy, PolicyJson.Default.BalancingPolicy)!;
}
