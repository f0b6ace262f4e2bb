using System.Globalization;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>Answers "why" about a shard, by its number, or a migration, by its number after an m.</summary>
internal static class WhyViews
{
    public static WhyView Of(string name, ClusterReading reading, ControllerRound round)
    {
        if (name.StartsWith('m') && Number(name[1..]) is { } id)
        {
            var migration = MigrationViews.Find(reading, id);
            return View("migration", id, WhyMigration.Sentences(reading, migration));
        }
        if (Number(name) is not { } number)
            throw AdminProblem.BadName(name);
        var shard = reading.View.Map.Shards.FirstOrDefault(shard => shard.Id == number)
            ?? throw AdminProblem.UnknownShard(name, reading.View.Map.Shards.Select(known => known.Id));
        return View("shard", number, new WhyShard(reading, round, shard).Sentences());
    }

    private static WhyView View(string kind, long id, IEnumerable<string> sentences) => new()
    {
        Kind = kind,
        Id = id,
        Sentences = [.. sentences],
    };

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
