# One node. Build: docker build -t shardstore .   Three nodes: docker compose up -d --wait
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# npm: the build takes the ONNX Runtime library from its registry.
RUN apt-get update \
 && apt-get install -y --no-install-recommends npm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json ./
COPY src/Balancer/ShardStore.Balancer.csproj src/Balancer/
COPY src/Client/ShardStore.Client.csproj src/Client/
COPY src/Node/ShardStore.Node.csproj src/Node/
COPY src/Raft/ShardStore.Raft.csproj src/Raft/
COPY src/Resp/ShardStore.Resp.csproj src/Resp/
COPY src/Storage/ShardStore.Storage.csproj src/Storage/
RUN --mount=type=cache,target=/root/.nuget/packages dotnet restore src/Node
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/Node -c Release -o /app --no-restore -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# liblz4: compression of moving shards. libstdc++: ONNX Runtime. tzdata: time zones of usage profiles.
RUN apt-get update \
 && apt-get install -y --no-install-recommends liblz4-1 libstdc++6 tzdata \
 && rm -rf /var/lib/apt/lists/*
# A new volume takes over the folder's owner, so it must be right before VOLUME.
RUN mkdir /data && chown "$APP_UID:$APP_UID" /data
VOLUME /data
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
# Inside a container every address is its own; who may reach the ports is decided where they are published. There is
# no TLS and no password yet: publish them on a loopback or a private address only.
ENV SHARDSTORE_DIR=/data \
    SHARDSTORE_LISTEN=0.0.0.0:7001 \
    SHARDSTORE_PEER_LISTEN=0.0.0.0:7101 \
    SHARDSTORE_ADMIN_LISTEN=0.0.0.0:8001 \
    SHARDSTORE_ALLOW_REMOTE=true
EXPOSE 7001 7101 8001
# The image has neither curl nor wget: the program asks itself. Unhealthy means that some slots cannot be served.
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["dotnet", "/app/shardstore.dll", "ctl", "status", "--admin", "http://127.0.0.1:8001"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "/app/shardstore.dll"]
CMD ["node"]
