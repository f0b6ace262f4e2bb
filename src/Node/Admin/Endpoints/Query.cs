using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>Query parameters, checked: each refusal names the parameter, the value and what is allowed.</summary>
internal static class Query
{
    public static long Number(HttpContext http, string name, long usual, (long Min, long Max) range)
    {
        if (!http.Request.Query.TryGetValue(name, out var given))
            return usual;
        if (long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= range.Min && number <= range.Max)
        {
            return number;
        }
        var allowed = range.Max == long.MaxValue
            ? $"a whole number from {range.Min}"
            : $"a whole number from {range.Min} to {range.Max}";
        throw AdminProblem.BadQuery(name, given.ToString(), allowed);
    }

    /// <summary>One of a few words; null when the parameter is not given.</summary>
    public static T? Word<T>(HttpContext http, string name, IReadOnlyList<(string Word, T Value)> words)
        where T : struct
    {
        if (!http.Request.Query.TryGetValue(name, out var given))
            return null;
        foreach (var (word, value) in words)
        {
            if (word == given)
                return value;
        }
        throw AdminProblem.BadQuery(
            name, given.ToString(), "one of " + string.Join(", ", words.Select(known => known.Word)));
    }

    /// <summary>Refuses parameters that would be ignored, such as misspelt ones.</summary>
    public static void Only(HttpContext http, params string[] names)
    {
        foreach (var (name, value) in http.Request.Query)
        {
            if (!names.Contains(name))
                throw AdminProblem.BadQuery(name, value.ToString(), "left out; known are " + string.Join(", ", names));
        }
    }
}
