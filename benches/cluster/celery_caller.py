"""Celery as one way of a row, with a Redis and a worker of two processes of its own, measured whenever standard input has a line.

    python3 celery_caller.py <URL of the row's module> Celery

Prints microseconds for each call, as `../way-process.ts` does for the others: in groups of 64, each joined; or p50 of one at a time.
"""

import atexit
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
row = sys.argv[1].rsplit("/", 1)[-1]

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
os.environ["PORT"] = str(port)

folder = tempfile.mkdtemp(prefix="espalier-bench-celery-")
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
children = [subprocess.Popen(["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", folder], **quiet)]


@atexit.register
def end():
    for child in reversed(children):
        child.terminate()
    for child in reversed(children):
        child.wait()
    shutil.rmtree(folder, ignore_errors=True)


def answers():
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


while not answers():
    time.sleep(0.02)

sys.path.insert(0, here)
from celery import group  # noqa: E402
from celery_tasks import noop  # noqa: E402

worker = [sys.executable, "-B", "-m", "celery", "-A", "celery_tasks", "worker", "--concurrency=2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
children.append(subprocess.Popen(worker, cwd=here, **quiet))
noop.delay(0).get(timeout=60)


def in_flight(width=64, items=640):
    began = time.perf_counter()
    for first in range(0, items, width):
        group(noop.s(n) for n in range(first, first + width))().get(timeout=60, interval=0.001)
    return (time.perf_counter() - began) * 1e6 / items


def latency(items=50):
    times = []
    for n in range(items):
        began = time.perf_counter()
        noop.delay(n).get(timeout=60, interval=0.001)
        times.append((time.perf_counter() - began) * 1e6)
    return statistics.median(times)


sample = latency if row.startswith("latency") else in_flight
for _ in sys.stdin:
    print(sample(), flush=True)
end()
# Celery would look for the answers that it still expects, of a Redis that has ended.
os._exit(0)
