using System.CommandLine;
using ShardStore.Balancer.Evaluation;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Cli.Settings;
using static ShardStore.Node.Cli.Settings.SettingKinds;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>`forecast evaluate --data DIR`.</summary>
internal static class EvaluateCommand
{
    private static readonly Setting<string> Source = SettingKinds.Path("data",
        "Folder with trace files (*.csv), or one such file.");

    private static readonly Setting<IReadOnlyList<string>> Models = Some("models",
        "Methods to evaluate; naive is always there, as the yardstick.", MethodCatalog.Names, name => name) with
    {
        Default = new Parsed<IReadOnlyList<string>>(MethodCatalog.Names),
        DefaultWords = "all",
    };

    private const string NoModel = "none";

    private static readonly Setting<string> Model = SettingKinds.Path("model",
        "ONNX file to use for lstm, combination and acting, with its .sha256 beside it; none: without lstm.") with
    { DefaultWords = "the one this program was built with" };

    private static readonly Setting<IReadOnlyList<string>> Only = FilePatterns("only",
        "Which files to take, such as 'aws_*,tweets_*'.");

    private static readonly Setting<int> Stride = Whole("stride", "origins", 1, (1, 1000),
        "Use every so manieth origin: faster, and not the protocol unless 1.");

    private static readonly Setting<int> Threads = Whole("threads", "threads", 1, (1, 64),
        "Files evaluated at once.");

    private static readonly Setting<bool> Json = Flag("json", "Print one JSON document instead of tables.");

    private static readonly Setting<string> Html = SettingKinds.Path("html",
        "Also write a report with charts to this file.") with
    { DefaultWords = "no file" };

    private static readonly Setting<string> Csv = SettingKinds.Path("csv",
        "Also write the scores of every series to this file.") with
    { DefaultWords = "no file" };

    public static Command Build(Func<string, string?> environment)
    {
        var command = new Command("evaluate",
            "Forecast at every moment of the newer part of real loads and score what came (docs/forecasting.md).");
        var options = new SettingOptions(command, [Source, Models, Model, Only, Stride, Threads, Json, Html, Csv]);
        command.SetAction((parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), environment, file: null);
            return RunAsync(Read(values), parsed.InvocationConfiguration, stop);
        });
        return command;
    }

    private static EvaluateOptions Read(SettingValues values)
    {
        var path = values.Get(Source);
        if (!Directory.Exists(path) && !File.Exists(path))
            throw new UsageException(values.Refusal(Source, "does not exist; give a folder with trace files (*.csv)"));
        var isWithout = values.TryGet(Model, out var model) && model == NoModel;
        return new EvaluateOptions
        {
            DataPath = path,
            Methods = isWithout ? [.. values.Get(Models).Except([LstmForecaster.ModelName])] : values.Get(Models),
            ModelPath = isWithout ? null : model,
            IsWithoutModel = isWithout,
            Only = values.TryGet(Only, out var only) ? only : [],
            Stride = values.Get(Stride),
            Threads = values.Get(Threads),
            AsJson = values.Get(Json),
            HtmlPath = values.FileToWrite(Html),
            CsvPath = values.FileToWrite(Csv),
        };
    }

    private static async Task<int> RunAsync(
        EvaluateOptions options, InvocationConfiguration configuration, CancellationToken stop)
    {
        var (output, errors) = (configuration.Output, configuration.Error);
        var isTerminal = !Console.IsErrorRedirected && errors == Console.Error;
        var progress = new RunProgress(errors, isTerminal, isSilent: options.AsJson && !isTerminal, "files");
        IReadOnlyList<FileScores> files;
        try
        {
            files = await new EvaluateRun(options, progress).RunAsync(stop);
        }
        finally
        {
            progress.End();
        }
        var sets = SetScores.Of(files);
        Write(options.HtmlPath, () => EvaluateReport.Of(files, sets, options));
        Write(options.CsvPath, () => EvaluateCsv.Of(files));
        if (options.AsJson)
            output.WriteLine(EvaluateJson.Of(sets, options));
        else
            EvaluateTables.Print(sets, options, output);
        return ExitCode.Done;
    }

    private static void Write(string? path, Func<string> text)
    {
        if (path is null)
            return;
        try
        {
            File.WriteAllText(path, text());
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EvaluateException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
