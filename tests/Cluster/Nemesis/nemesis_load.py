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
from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import RedisError, ResponseError

THREADS = 4
TIMEOUT_S = 3.0
run, seed = sys.argv[1], int(sys.argv[2])
registers, counters, window = int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
endpoints = [ClusterNode(*e.rsplit(":", 1)) for e in sys.argv[6].split(",")]
tags = sys.argv[7].split(",")
stop, printing = threading.Event(), threading.Lock()
read_errors = 0


def tell(kind, key, called, returned, expected=None, value=None, result=None):
    fields = [kind, key, expected, value, called, returned, result]
    with printing:
        sys.stdout.write("\t".join("-" if f is None else str(f) for f in fields) + "\n")


def connect():
    # One try a call: a write that is sent twice could land twice, and redis-py has no request numbers.
    return RedisCluster(startup_nodes=endpoints, socket_timeout=TIMEOUT_S, socket_connect_timeout=1.0,
                        cluster_error_retry_attempts=1, retry=None, decode_responses=True)


class Caller(threading.Thread):
    def __init__(self, number):
        super().__init__(daemon=True)
        self.number, self.random, self.values, self.client = number, random.Random(seed + number), 0, None

    def run(self):
        while not stop.is_set():
            try:
                self.client = self.client or connect()
                self.call()
            except (RedisError, OSError):
                self.client = None
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
            self.write("Set", self.key("r", registers), lambda k: self.client.set(k, value), value=value)
        elif draw < 65:
            value = self.new_value()
            self.write("CompareAndSet", self.key("r", registers), lambda k: self.client.set(k, value, nx=True),
                       value=value, result=lambda r: "ok" if r else "no")
        elif draw < 75:
            self.write("Delete", self.key("r", registers), lambda k: self.client.delete(k), result=str)
        else:
            self.write("Increment", self.key("c", counters), lambda k: self.client.incr(k), result=str)

    def read(self, key):
        called = time.monotonic_ns()
        result = self.client.get(key)
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
