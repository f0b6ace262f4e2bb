using System.Text.Json.Nodes;

namespace ShardStore.Balancer;

/// <summary>One field in which two policies differ.</summary>
/// <param name="Path">As errors name it, such as $.limits.cooldownSeconds.</param>
/// <param name="From">JSON; "absent" where a list is shorter.</param>
/// <param name="To">JSON; "absent" where a list is shorter.</param>
public sealed record PolicyChange(string Path, string From, string To)
{
    private const string Absent = "absent";

    /// <summary>What becomes different, in the order of the document. Defaults count: a field that is left out and one
    /// that says the default are the same.</summary>
    public static IReadOnlyList<PolicyChange> Between(BalancingPolicy old, BalancingPolicy next)
    {
        var changes = new List<PolicyChange>();
        // The version is given by whoever stores a document.
        Compare(
            "$", PolicyDocument.ToNode(old with { Version = 0 }), PolicyDocument.ToNode(next with { Version = 0 }),
            changes);
        return changes;
    }

    private static void Compare(string path, JsonNode? from, JsonNode? to, List<PolicyChange> changes)
    {
        if (from is JsonObject fields && to is JsonObject others)
        {
            foreach (var (name, value) in fields)
                Compare($"{path}.{name}", value, others[name], changes);
        }
        else if (from is JsonArray items && to is JsonArray otherItems)
        {
            for (var i = 0; i < Math.Max(items.Count, otherItems.Count); i++)
            {
                var (was, becomes) = (At(items, i), At(otherItems, i));
                if (was is null || becomes is null)
                    changes.Add(new PolicyChange($"{path}[{i}]", Text(was, Absent), Text(becomes, Absent)));
                else
                    Compare($"{path}[{i}]", was, becomes, changes);
            }
        }
        else if (!JsonNode.DeepEquals(from, to))
        {
            changes.Add(new PolicyChange(path, Text(from, "null"), Text(to, "null")));
        }
    }

    private static JsonNode? At(JsonArray items, int place) => place < items.Count ? items[place] : null;

    private static string Text(JsonNode? value, string without) => value?.ToJsonString() ?? without;
}
