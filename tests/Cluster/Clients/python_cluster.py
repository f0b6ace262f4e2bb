"""redis-py's RedisCluster against a cluster: basics, then a load until a line comes on stdin.

Arguments: a port of the cluster, and what its keys begin with. Writes "basics ok", "ready" once the load runs, and a
report as JSON at the end.
"""
import json
import sys
import threading

from redis.cluster import RedisCluster

PREFIX = sys.argv[2]
WORKERS = 4
PROBLEMS_MAX = 20


def expect(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"{what}: {found!r}, not {wanted!r}")


def basics(client):
    every_byte = bytes(range(256)) * 4
    expect("set", client.set(f"{PREFIX}:a", every_byte), True)
    expect("get", client.get(f"{PREFIX}:a"), every_byte)
    expect("set nx", client.set(f"{PREFIX}:a", "x", nx=True), None)
    expect("set get", client.set(f"{PREFIX}:a", "b", get=True), every_byte)
    expect("incr", [client.incr(f"{PREFIX}:n") for _ in range(3)], [1, 2, 3])
    expect("incrbyfloat", client.incrbyfloat(f"{PREFIX}:f", 0.5), 0.5)
    expect("mset", client.mset({f"{{{PREFIX}}}x": "1", f"{{{PREFIX}}}y": "2"}), True)
    expect("mget", client.mget(*(f"{{{PREFIX}}}{name}" for name in ("x", "y", "none"))), [b"1", b"2", None])
    keys = [f"{PREFIX}:batch:{i}" for i in range(200)]
    expect("mset over all shards", all(client.mset_nonatomic({key: key for key in keys})), True)
    expect("mget over all shards", client.mget_nonatomic(keys), [key.encode() for key in keys])
    expect("expire", client.expire(f"{PREFIX}:n", 1000), True)
    expect("ttl", 990 < client.ttl(f"{PREFIX}:n") <= 1000, True)
    found = set(client.scan_iter(match=f"{PREFIX}:batch:*", count=50))
    expect("scan", found, {key.encode() for key in keys})
    expect("exists", client.exists(*keys), len(keys))
    expect("delete", client.delete(*keys), len(keys))
    pipe = client.pipeline()
    for i in range(100):
        pipe.set(f"{PREFIX}:pipe:{i}", i)
    expect("pipeline", all(pipe.execute()), True)
    expect("dbsize", client.dbsize(target_nodes="primaries") >= 100, True)
    expect("every slot has an owner", len(client.nodes_manager.slots_cache), 16384)


class Load:
    def __init__(self, client):
        self.client = client
        self.stopped = threading.Event()
        self.ready = threading.Semaphore(0)
        self.lock = threading.Lock()
        self.report = {"operations": 0, "errors": [], "wrong": [], "counters": {}}

    def work(self, worker):
        done = 0
        while not self.stopped.is_set():
            number = done % 64
            self.call(f"{PREFIX}:count:{worker}:{number % 16}", f"{PREFIX}:load:{worker}:{number}", str(done))
            done += 1
            if done == 100:
                self.ready.release()

    def call(self, counter, key, value):
        try:
            count = self.client.incr(counter)
            self.client.set(key, value)
            found = self.client.get(key)
        except Exception as error:  # pylint: disable=broad-except
            self.note("errors", f"{type(error).__name__}: {error}")
            return
        with self.lock:
            self.report["operations"] += 3
            wanted = self.report["counters"].get(counter, 0) + 1
            self.report["counters"][counter] = wanted
        if count != wanted:
            self.note("wrong", f"{counter} is {count}, not {wanted}")
        if found != value.encode():
            self.note("wrong", f"{key} is {found!r}, not {value!r}")

    def note(self, kind, text):
        with self.lock:
            if len(self.report[kind]) < PROBLEMS_MAX:
                self.report[kind].append(text)


def main():
    client = RedisCluster(host="127.0.0.1", port=int(sys.argv[1]))
    basics(client)
    print("basics ok", flush=True)
    load = Load(client)
    threads = [threading.Thread(target=load.work, args=(worker,), daemon=True) for worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    for _ in threads:
        load.ready.acquire(timeout=30)
    print("ready", flush=True)
    sys.stdin.readline()
    load.stopped.set()
    for thread in threads:
        thread.join(timeout=30)
        expect("a worker that still runs", thread.is_alive(), False)
    print(json.dumps(load.report), flush=True)


main()
