"""Python's executors with two workers, and numpy: one way of a row, measured whenever standard input has a line.

    python3 executors.py <URL of the row's module> "<workload>: <executor, or threads of numpy>"

Prints the amount per item as one line, times in microseconds (of a product in milliseconds), as `../way-process.ts` does for the others.
"""

import os
import statistics
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

WORKERS = 2


def noop(value):
    return value


def identify(_):
    time.sleep(0.005)
    return f"{os.getpid()}.{threading.get_ident()}"


def warmed(kind):
    """An executor whose workers have all answered."""
    pool = kind(WORKERS)
    seen = set()
    while len(seen) < WORKERS:
        seen.update(pool.map(identify, range(2 * WORKERS)))
    return pool


def timed(items, run):
    def sample():
        began = time.perf_counter()
        run()
        return (time.perf_counter() - began) * 1e6 / items

    return sample


def at_once(pool):
    items = 20_000

    def run():
        for future in [pool.submit(noop, n) for n in range(items)]:
            future.result()

    return timed(items, run)


def in_flight(pool):
    """Each that is done submits the next, wherever Python calls back."""
    items, width = 20_000, 64

    def run():
        numbers = iter(range(items))
        lock = threading.Lock()
        done = threading.Event()
        left = items

        def next_one(finished=None):
            nonlocal left
            with lock:
                if finished is not None:
                    left -= 1
                    if left == 0:
                        done.set()
                number = next(numbers, None)
            if number is not None:
                pool.submit(noop, number).add_done_callback(next_one)

        for _ in range(width):
            next_one()
        done.wait()

    return timed(items, run)


def latency(part):
    def make(pool):
        def sample():
            times = []
            for number in range(2_000):
                began = time.perf_counter()
                pool.submit(noop, number).result()
                times.append((time.perf_counter() - began) * 1e6)
            return statistics.quantiles(times, n=100)[part - 1]

        return sample

    return make


def product(threads):
    """A product of two 512×512 matrices by numpy, in ms."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = str(threads)
    import numpy

    a = numpy.fromfunction(lambda row, column: (row * 7 + column * 3) % 11 - 5.0, (512, 512))
    b = numpy.fromfunction(lambda row, column: (row * 5 + column * 13) % 7 - 3.0, (512, 512))
    repeats = 10

    def sample():
        began = time.perf_counter()
        for _ in range(repeats):
            a @ b
        return (time.perf_counter() - began) * 1e3 / repeats

    return sample


WORKLOADS = {"at-once": at_once, "in-flight": in_flight, "p50": latency(50), "p99": latency(99)}


def main():
    workload, _, executor = sys.argv[2].partition(": ")
    if workload == "numpy":
        sample = product(int(executor))
    else:
        sample = WORKLOADS[workload](warmed({"ThreadPoolExecutor": ThreadPoolExecutor, "ProcessPoolExecutor": ProcessPoolExecutor}[executor]))
    for _ in sys.stdin:
        print(sample(), flush=True)


if __name__ == "__main__":
    main()
