"""Sleeping tasks in Python, cancelled: the sample is told how many, and gives what `cancelling.ts` gives."""

import asyncio
import gc
import os
import sys
import time
import tracemalloc

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "python"))
from ways import serve  # noqa: E402

HOUR = 3600


class Count:
    def __init__(self):
        self.begun = 0
        self.ended = 0


async def counted(count, sleep):
    count.begun += 1
    try:
        await sleep(HOUR)
    finally:
        count.ended += 1


async def by_gather(tasks, count):
    over = asyncio.gather(*(counted(count, asyncio.sleep) for _ in range(tasks)))
    while count.begun < tasks:
        await asyncio.sleep(0)
    began = time.perf_counter()
    over.cancel()
    try:
        await over
    except asyncio.CancelledError:
        pass
    running = tasks - count.ended
    while count.ended < tasks:
        await asyncio.sleep(0)
    return time.perf_counter() - began, running


async def by_task_group(tasks, count):
    async def main():
        async with asyncio.TaskGroup() as group:
            for _ in range(tasks):
                group.create_task(counted(count, asyncio.sleep))

    over = asyncio.ensure_future(main())
    while count.begun < tasks:
        await asyncio.sleep(0)
    began = time.perf_counter()
    over.cancel()
    try:
        await over
    except asyncio.CancelledError:
        pass
    return time.perf_counter() - began, tasks - count.ended


async def by_nursery(tasks, count):
    import trio

    async with trio.open_nursery() as nursery:
        for _ in range(tasks):
            nursery.start_soon(counted, count, trio.sleep)
        while count.begun < tasks:
            await trio.sleep(0)
        began = time.perf_counter()
        nursery.cancel_scope.cancel()
    return time.perf_counter() - began, tasks - count.ended


async def by_anyio(tasks, count):
    import anyio

    async with anyio.create_task_group() as group:
        for _ in range(tasks):
            group.start_soon(counted, count, anyio.sleep)
        while count.begun < tasks:
            await anyio.sleep(0)
        began = time.perf_counter()
        group.cancel_scope.cancel()
    return time.perf_counter() - began, tasks - count.ended


def sampling(run, work):
    def sample(tasks):
        gc.collect()
        took, running = run(work, tasks, Count())
        # Once more for what is left: counting bytes takes time.
        tracemalloc.start()
        run(work, min(tasks, 10_000), Count())
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return {"micros": took * 1e6 / tasks, "running": running, "bytes": kept / min(tasks, 10_000)}

    return sample


def on_asyncio(work):
    def make():
        runner = asyncio.Runner()
        return sampling(lambda work, *args: runner.run(work(*args)), work)

    return make


def on_trio(work):
    def make():
        import trio

        return sampling(trio.run, work)

    return make


serve({"gather": on_asyncio(by_gather), "TaskGroup": on_asyncio(by_task_group), "trio": on_trio(by_nursery), "anyio": on_asyncio(by_anyio)})
