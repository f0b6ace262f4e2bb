using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace ShardStore.Balancer;

/// <summary>The policy document as JSON Schema (2020-12), for editors and pipelines: from the same types and the same
/// table of ranges that <see cref="PolicyDocument"/> checks with, so that it cannot say something else. What holds
/// between fields is left to the check.</summary>
public static class PolicySchema
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    public static string Write() => Root().ToJsonString(PolicyJson.Default.Options);

    private static JsonObject Root()
    {
        var schema = new JsonObject
        {
            ["$schema"] = Dialect,
            ["title"] = "ShardStore balancing policy",
        };
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Close(node),
        };
        var exported = (JsonObject)PolicyJson.Default.BalancingPolicy.GetJsonSchemaAsNode(options);
        foreach (var (name, value) in exported.ToArray())
        {
            exported.Remove(name);
            schema[name] = value;
        }
        var properties = (JsonObject)schema["properties"]!;
        properties["format"] = new JsonObject
        {
            ["type"] = "integer",
            ["minimum"] = 1,
            ["maximum"] = PolicyDocument.Format,
        };
        properties["preset"] = new JsonObject
        {
            ["enum"] = new JsonArray([.. PolicyPresets.Names.Select(name => (JsonNode)name), null]),
        };
        foreach (var range in PolicyChecks.Numbers)
            Limit(schema, range);
        schema["required"] = new JsonArray("format");
        return schema;
    }

    /// <summary>A field that is not known is refused, at every depth; none but the format has to be there.</summary>
    private static JsonNode Close(JsonNode node)
    {
        if (node is JsonObject schema && schema.ContainsKey("properties"))
        {
            schema["additionalProperties"] = false;
            schema.Remove("required");
        }
        return node;
    }

    private static void Limit(JsonObject schema, PolicyChecks.NumberRange range)
    {
        var node = schema;
        foreach (var name in range.Path.Split('.').Skip(1))
            node = (JsonObject)node["properties"]![name]!;
        node["minimum"] = range.Min;
        node["maximum"] = range.Max;
        if (range.Unit.Length > 0)
            node["description"] = $"Unit: {range.Unit}.";
    }
}
