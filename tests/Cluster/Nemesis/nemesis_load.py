"""Load by redis-py on the keys that the SDK's callers use too, told line by line:
kind, key, expected, value, called, returned and result, with tabs between and "-" for nothing. Times are nanoseconds
of the monotonic clock; "-" as the time of return: the outcome is not known.

nemesis_load.py RUN SEED REGISTERS COUNTERS WINDOW_NS HOST:PORT,... TAG,...
Ends at the end of its input."""
import random
import sys
import threading
import time

import redis
from redis.exceptions import RedisError, ResponseError

THREADS = 4
TIMEOUT_S = 3.0
run, seed = sys.argv[1], int(sys.argv[2])
registers, counters, window = int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
endpoints = sys.argv[6].split(",")
tags = sys.argv[7].split(",")
stop, printing = threading.Event(), threading.Lock()
REDIRECTS_MAX = 8


def tell(kind, key, called, returned, expected=None, value=None, result=None):
    fields = [kind, key, expected, value, called, returned, result]
    with printing:
        sys.stdout.write("\t".join("-" if f is None else str(f) for f in fields) + "\n")


class NotSent(Exception):
    """No connection: whatever was asked for did not happen. Taken for unknown, a thousand of them while all nodes are down
    leave the checker more orders to try than it has time for."""


class Cluster:
    """Follows MOVED and nothing else. redis-py's own cluster client sends a command again, up to five times and without
    a word, when its answer does not come: an increment would count twice, and the history would blame the store."""

    def __init__(self, draw):
        self.draw, self.clients, self.owners = draw, {}, {}

    def call(self, key, *words):
        tag = key[:key.index("}")]
        node = self.owners.get(tag) or self.draw.choice(endpoints)
        for _ in range(REDIRECTS_MAX):
            try:
                client = self.client(node)
            except (RedisError, OSError) as nobody:
                self.owners.pop(tag, None)
                raise NotSent from nobody
            try:
                reply = client.execute_command(*words)
                self.owners[tag] = node
                return reply
            except ResponseError as answer:
                if not str(answer).startswith("MOVED "):
                    raise
                node = str(answer).split(" ")[2]
            except (RedisError, OSError):
                self.owners.pop(tag, None)
                raise
        raise ResponseError("too many redirects")

    def client(self, node):
        if node not in self.clients:
            host, port = node.rsplit(":", 1)
            self.clients[node] = redis.Redis(
                host=host, port=int(port), socket_timeout=TIMEOUT_S, socket_connect_timeout=0.5,
                retry_on_timeout=False, single_connection_client=True, decode_responses=True)
        return self.clients[node]


class Caller(threading.Thread):
    def __init__(self, number):
        super().__init__(daemon=True)
        self.number, self.random, self.values = number, random.Random(seed + number), 0
        self.cluster = Cluster(self.random)

    def run(self):
        while not stop.is_set():
            try:
                self.call()
            except NotSent:
                pass
            except (RedisError, OSError):
                self.cluster.clients.clear()
            time.sleep(self.random.uniform(0.005, 0.03))

    def key(self, kind, count):
        tag = self.random.choice(tags)
        return f"{{{tag}}}{run}-{kind}{self.random.randrange(count)}-{time.monotonic_ns() // window}"

    def new_value(self):
        self.values += 1
        return f"p{self.number}-{self.values}"

    def call(self):
        draw = self.random.randrange(100)
        if draw < 20:
            self.read(self.key("r", registers))
        elif draw < 30:
            self.read(self.key("c", counters))
        elif draw < 50:
            value = self.new_value()
            self.write("Set", self.key("r", registers), lambda k: self.cluster.call(k, "SET", k, value), value=value)
        elif draw < 65:
            value = self.new_value()
            self.write("CompareAndSet", self.key("r", registers), lambda k: self.cluster.call(k, "SET", k, value, "NX"),
                       value=value, result=lambda r: "ok" if r else "no")
        elif draw < 75:
            self.write("Delete", self.key("r", registers), lambda k: self.cluster.call(k, "DEL", k), result=str)
        else:
            self.write("Increment", self.key("c", counters), lambda k: self.cluster.call(k, "INCR", k), result=str)

    def read(self, key):
        called = time.monotonic_ns()
        result = self.cluster.call(key, "GET", key)
        tell("Get", key, called, time.monotonic_ns(), result=result)

    def write(self, kind, key, send, value=None, result=lambda r: None):
        called = time.monotonic_ns()
        try:
            reply = send(key)
        except ResponseError as refused:
            # An answer: it did not happen, unless the answer says that nobody knows.
            if "SHARDSTORE.UNKNOWN" in str(refused):
                tell(kind, key, called, None, value=value)
            return
        except (RedisError, OSError):
            tell(kind, key, called, None, value=value)
            raise
        tell(kind, key, called, time.monotonic_ns(), value=value, result=result(reply))


callers = [Caller(n) for n in range(THREADS)]
print(f"redis-py {redis.__version__}", flush=True)
for caller in callers:
    caller.start()
sys.stdin.read()
stop.set()
deadline = time.monotonic() + 4 * TIMEOUT_S
for caller in callers:
    caller.join(max(0.0, deadline - time.monotonic()))
with printing:
    print("end", flush=True)
