"""Takes the place of a host's cable: every frame, in both directions, passes through here, some milliseconds late.

slow_cable.py PORT DELAY_MS JITTER_MS SEED, in the switch's network namespace. PORT leaves the bridge br0 and a new pair
of ports joins the two through this program. "ready" is printed when that is done; a line on stdin ends it."""
import heapq
import itertools
import random
import select
import socket
import subprocess
import sys
import time

SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 15, 23
ETH_P_ALL = 3
QUEUE_MAX = 20_000


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def port(name):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    # With its header a frame keeps what the kernel still has to do: checksums, and cutting big segments.
    s.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    s.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    s.bind((name, 0))
    s.setblocking(False)
    return s


name, delay, jitter, draw = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), random.Random(int(sys.argv[4]))
ip("link", "add", "late0", "type", "veth", "peer", "name", "late1")
ip("link", "set", "late0", "up")
ip("link", "set", "late1", "master", "br0", "up")
ip("link", "set", name, "nomaster")
ip("link", "set", name, "promisc", "on")
ends = [port(name), port("late0")]
other = {ends[0]: ends[1], ends[1]: ends[0]}
last = {end: 0.0 for end in ends}
queue, number, frames = [], itertools.count(), 0
print("ready", flush=True)
while True:
    now = time.monotonic()
    while queue and queue[0][0] <= now:
        _, _, end, frame = heapq.heappop(queue)
        try:
            end.send(frame)
            frames += 1
        except (BlockingIOError, OSError):
            pass  # A full queue drops, as a real cable's does.
    wait = max(0.0, queue[0][0] - now) if queue else 1.0
    readable, _, _ = select.select([*ends, sys.stdin], [], [], wait)
    if sys.stdin in readable:
        break
    for end in readable:
        try:
            frame = end.recv(70_000)
        except (BlockingIOError, OSError):
            continue
        if len(queue) < QUEUE_MAX:
            # In order: late frames, not mixed ones.
            due = max(last[end], time.monotonic() + (delay + draw.uniform(-jitter, jitter)) / 1000)
            last[end] = due
            heapq.heappush(queue, (due, next(number), other[end], frame))
ip("link", "delete", "late0")
ip("link", "set", name, "promisc", "off")
ip("link", "set", name, "master", "br0")
print("frames", frames, flush=True)
