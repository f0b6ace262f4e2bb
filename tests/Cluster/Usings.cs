global using Xunit;

// Each test starts several processes and measures them: two at once would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
