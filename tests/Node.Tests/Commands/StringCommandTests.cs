using ShardStore.Resp;

namespace ShardStore.Node.Tests.Commands;

public sealed class StringCommandTests
{
    [Fact]
    public async Task Set_and_get_follow_redis()
    {
        await Script.RunAsync(
            """
            get a -> nil
            set a 1 -> +OK
            get a -> "1"
            SET a 2 nx -> nil
            set b 1 xx -> nil
            set b 5 NX -> +OK
            set b 6 xx get -> "5"
            set b 7 nx get -> "6"
            get b -> "6"
            set c 1 nx get -> nil
            get c -> "1"
            set a 1 nx xx -> -ERR syntax error
            set a 1 ex 10 px 10 -> -ERR syntax error
            set a 1 keepttl ex 10 -> -ERR syntax error
            set a 1 ex 0 -> -ERR invalid expire time in 'set' command
            set a 1 ex x -> -ERR value is not an integer or out of range
            set a 1 ex 9223372036854775807 -> -ERR invalid expire time in 'set' command
            set a 1 ex -> -ERR syntax error
            set a 1 ex 100 -> +OK
            ttl a -> :100
            set a 2 keepttl -> +OK
            ttl a -> :100
            set a 3 -> +OK
            ttl a -> :-1
            set a -> -ERR wrong number of arguments for 'set' command
            setnx a 9 -> :0
            setnx n 9 -> :1
            setex e 100 v -> +OK
            ttl e -> :100
            setex e 0 v -> -ERR invalid expire time in 'setex' command
            psetex e -1 v -> -ERR invalid expire time in 'psetex' command
            getset e w -> "v"
            ttl e -> :-1
            getdel e -> "w"
            getdel e -> nil
            getex a ex 50 -> "3"
            ttl a -> :50
            getex a persist -> "3"
            ttl a -> :-1
            getex a pxat 1 -> "3"
            get a -> nil
            getex a foo -> -ERR syntax error
            """);
    }

    [Fact]
    public async Task Several_keys_at_once()
    {
        await Script.RunAsync(
            """
            mset x 1 y 2 -> +OK
            mget x y z -> ["1", "2", nil]
            mset x -> -ERR wrong number of arguments for 'mset' command
            mset x 1 y -> -ERR wrong number of arguments for 'mset' command
            msetnx x 5 q 1 -> :0
            msetnx q 1 r 2 -> :1
            mget q r -> ["1", "2"]
            del x y nothing -> :2
            exists x q q -> :2
            unlink q -> :1
            """);
    }
}
