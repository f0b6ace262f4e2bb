using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ShardStore.Node.Admin;

/// <summary>The admin HTTP server of one node: health, metrics and the JSON API, plain HTTP on the address it was
/// given. It takes nothing from the environment or from files: the node's options are all there is.</summary>
public sealed class AdminServer : IAsyncDisposable
{
    private const int ConnectionsMax = 256;

    /// <summary>The largest body is a policy document.</summary>
    private const int BodyBytesMax = 1 << 20;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly ControllerRelay _relay;

    private AdminServer(WebApplication app, ControllerRelay relay, IPEndPoint endPoint)
    {
        _app = app;
        _relay = relay;
        EndPoint = endPoint;
    }

    /// <summary>The address in use; the port is the real one when 0 was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Binds and serves. Throws <see cref="IOException"/> when the address is taken.</summary>
    public static async Task<AdminServer> StartAsync(
        IAdminSource source, ILogger logger, CancellationToken cancellation = default)
    {
        var app = Build(source.Options);
        var relay = new ControllerRelay(source.Options.Id);
        try
        {
            var problems = new ProblemWriter(logger);
            var guard = new RequestGuard(source.Options);
            app.Use((http, next) => problems.RunAsync(http, next));
            app.Use((http, next) => guard.RunAsync(http, next));
            new AdminRoutes(new AdminContext(source, relay, logger)).Map(app);
            await app.StartAsync(cancellation);
        }
        catch
        {
            relay.Dispose();
            await app.DisposeAsync();
            throw;
        }
        var endPoint = EndPointOf(app);
        AdminLog.Listening(logger, endPoint.ToString());
        return new AdminServer(app, relay, endPoint);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _relay.Dispose();
    }

    private static WebApplication Build(NodeOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options.AdminListen));
        return builder.Build();
    }

    private static void Configure(KestrelServerOptions kestrel, IPEndPoint listen)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
        kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Listen(listen, endpoint => endpoint.Protocols = HttpProtocols.Http1);
    }

    private static IPEndPoint EndPointOf(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        var bound = new Uri(addresses!.Addresses.First());
        return new IPEndPoint(IPAddress.Parse(bound.Host.Trim('[', ']')), bound.Port);
    }
}
