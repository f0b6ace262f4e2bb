using System.Reflection;
using BenchmarkDotNet.Attributes;
using ShardStore.Micro;
using Xunit;

namespace ShardStore.Perf.Tests;

/// <summary>Every benchmark runs once, so that none rots between the days on which somebody measures.</summary>
public sealed class BenchmarkTests
{
    public static TheoryData<string, string> Benchmarks()
    {
        var found = new TheoryData<string, string>();
        foreach (var type in typeof(RespParse).Assembly.GetTypes())
        {
            foreach (var method in type.GetMethods().Where(m => m.IsDefined(typeof(BenchmarkAttribute))))
                found.Add(type.FullName!, method.Name);
        }
        return found;
    }

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void Every_benchmark_runs(string typeName, string benchmark)
    {
        var type = typeof(RespParse).Assembly.GetType(typeName, throwOnError: true)!;
        var instance = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<ParamsAttribute>() is { } choices)
                property.SetValue(instance, choices.Values[0]);
        }
        Call<GlobalSetupAttribute>(instance, setup => IsFor(setup, benchmark));
        try
        {
            type.GetMethod(benchmark)!.Invoke(instance, null);
        }
        finally
        {
            Call<GlobalCleanupAttribute>(instance, cleanup => IsFor(cleanup, benchmark));
        }
    }

    private static void Call<T>(object instance, Func<T, bool> isMeant)
        where T : Attribute
    {
        foreach (var method in instance.GetType().GetMethods())
        {
            if (method.GetCustomAttribute<T>() is { } attribute && isMeant(attribute))
                method.Invoke(instance, null);
        }
    }

    private static bool IsFor(TargetedAttribute attribute, string benchmark) =>
        attribute.Targets.Length == 0 || attribute.Targets.Contains(benchmark);
}
