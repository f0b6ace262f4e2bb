using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Node.Admin;

/// <summary>A request that cannot be answered as asked, in the words its caller gets. Thrown by handlers and written
/// in one place.</summary>
internal sealed class AdminProblem(int status, string kind, string title, string detail) : Exception(detail)
{
    public const string KindPrefix = "urn:shardstore:";

    /// <summary>Asked of the wrong node: whoever asked should look up the leader and ask that one.</summary>
    public const string NotLedKind = "not-leader";

    public ProblemView View { get; } = new()
    {
        Type = KindPrefix + kind,
        Title = title,
        Status = status,
        Detail = detail,
    };

    public static AdminProblem UnknownPath(string path) =>
        new(404, "unknown-path", "No such resource", $"{path}: is not known; GET / lists what is");

    public static AdminProblem UnknownMethod(string method, string path, string allowed) => new(
        405, "method-not-allowed", "Method not allowed",
        $"{method} {path}: is not allowed; allowed: {(allowed.Length > 0 ? allowed : "see GET /")}");

    public static AdminProblem UnknownNode(string field, string name, IEnumerable<string> known) => new(
        404, "unknown-node", "No such node", $"{field} '{name}': is not a node; nodes are {Listed(known)}");

    public static AdminProblem UnknownShard(string shard, IEnumerable<int> known) => new(
        404, "unknown-shard", "No such shard", $"shard '{shard}': does not exist; shards are {RangeOf(known)}");

    public static AdminProblem UnknownMigration(string id, IEnumerable<long> known) => new(
        404, "unknown-migration", "No such migration",
        $"migration '{id}': does not exist; known are {Listed(known.Select(number => number.ToString()))}");

    public static AdminProblem UnknownRecommendation(string id, IEnumerable<long> known) => new(
        404, "unknown-recommendation", "No such recommendation",
        $"recommendation '{id}': does not exist; known are {Listed(known.Select(number => number.ToString()))}");

    public static AdminProblem BadName(string name) => new(
        400, "bad-name", "Name not understood",
        $"name '{name}': must be the number of a shard, such as 7, or of a migration after an m, such as m17");

    public static AdminProblem UnknownPolicy(string version, IEnumerable<long> known) => new(
        404, "unknown-policy", "No such version of the policy",
        $"version '{version}': is not kept; kept are {Listed(known.Select(number => number.ToString()))}");

    public static AdminProblem BadQuery(string name, string value, string allowed) => new(
        400, "bad-query", "Query parameter not understood", $"{name} '{value}': must be {allowed}");

    public static AdminProblem BadBody(string detail) => new(400, "bad-body", "Body not understood", detail);

    public static AdminProblem BadSeries(string detail) => new(400, "bad-series", "History not accepted", detail);

    public static AdminProblem BadPolicy(string detail) => new(400, "bad-policy", "Policy not accepted", detail);

    public static AdminProblem BadModel(string detail) => new(400, "bad-model", "Model not accepted", detail);

    public static AdminProblem Refused(string detail) => new(409, "refused", "Refused by the cluster", detail);

    public static AdminProblem NotLed(string detail) => new(421, NotLedKind, "Another node leads the shard", detail);

    public static AdminProblem Later(string detail) => new(503, "not-now", "Cannot be answered now", detail);

    private static string Listed(IEnumerable<string> names)
    {
        var all = string.Join(", ", names);
        return all.Length > 0 ? all : "none yet";
    }

    private static string RangeOf(IEnumerable<int> shards)
    {
        var all = shards.Order().ToArray();
        return all.Length > 0 ? $"{all[0]} to {all[^1]}" : "none yet";
    }
}
