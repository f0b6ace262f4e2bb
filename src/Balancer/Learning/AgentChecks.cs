namespace ShardStore.Balancer.Learning;

/// <summary>Refuses an agent whose numbers do not fit together or are none.</summary>
internal static class AgentChecks
{
    private const int MembersMin = 2;
    private const int MembersMax = 64;

    /// <summary>Of a weight: a share of cost is never near it.</summary>
    private const double WeightMax = 1e6;

    /// <exception cref="AgentException">On the first thing that is wrong.</exception>
    public static void Check(AgentShape shape)
    {
        var known = ClusterContext.Figures.Select(figure => figure.Name).ToArray();
        if (!shape.Figures.SequenceEqual(known))
        {
            throw new AgentException("$.figures",
                $"are {string.Join(", ", shape.Figures)}; this build has {string.Join(", ", known)}");
        }

        Row("$.means", shape.Means, known.Length);
        Row("$.deviations", shape.Deviations, known.Length);
        for (var i = 0; i < known.Length; i++)
        {
            if (shape.Deviations[i] <= 0)
            {
                throw new AgentException($"$.deviations[{i}]", $"{shape.Deviations[i]} is not allowed; above 0 is");
            }
        }

        Rows("$.ownCost", shape.OwnCost);
        CheckArms(shape.Arms);
    }

    private static void CheckArms(ArmShape[] arms)
    {
        var names = KnobArm.All.Select(arm => arm.Name).ToList();
        if (arms.Length < 2 || arms[0].Name != names[0])
        {
            throw new AgentException("$.arms", $"two or more are needed, '{names[0]}' first");
        }

        for (var arm = 0; arm < arms.Length; arm++)
        {
            var path = $"$.arms[{arm}]";
            if (!names.Contains(arms[arm].Name))
            {
                throw new AgentException(path + ".name",
                    $"'{arms[arm].Name}' is not known; {string.Join(", ", names)} are");
            }

            var members = arms[arm].Members;
            if (arm == 0 ? members.Length != 0 : members.Length is < MembersMin or > MembersMax)
            {
                throw new AgentException(path + ".members", $"{members.Length} are not allowed; "
                    + (arm == 0 ? "the policy itself has none" : $"{MembersMin} to {MembersMax} are"));
            }

            for (var member = 0; member < members.Length; member++)
            {
                Rows($"{path}.members[{member}]", members[member]);
            }
        }
    }

    private static void Rows(string path, double[][] rows)
    {
        if (rows.Length != ObjectiveParts.Count)
        {
            throw new AgentException(path, $"has {rows.Length} rows; {ObjectiveParts.Count} are needed");
        }

        for (var part = 0; part < rows.Length; part++)
        {
            Row($"{path}[{part}]", rows[part], 1 + ClusterContext.Count);
        }
    }

    private static void Row(string path, double[] row, int length)
    {
        if (row is null || row.Length != length)
        {
            throw new AgentException(path, $"has {row?.Length ?? 0} numbers; {length} are needed");
        }

        for (var i = 0; i < row.Length; i++)
        {
            // Written so that what is no number fails too.
            if (!(Math.Abs(row[i]) <= WeightMax))
            {
                throw new AgentException($"{path}[{i}]",
                    $"{row[i]} is not allowed; {-WeightMax} to {WeightMax} is");
            }
        }
    }
}
