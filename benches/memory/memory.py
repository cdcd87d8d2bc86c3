"""Sleeping tasks in Python: the sample is told how many, and gives what each keeps, by tracemalloc and by the pages of the process."""

import asyncio
import gc
import os
import sys
import tracemalloc

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "python"))
from ways import serve  # noqa: E402

HOUR = 3600


def pages():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Account:
    def __init__(self, tasks):
        self.tasks = tasks
        gc.collect()
        self.pages = pages()
        tracemalloc.start()

    def close(self):
        gc.collect()
        heap, _ = tracemalloc.get_traced_memory()
        # tracemalloc has its own books in the process.
        grown = pages() - self.pages - tracemalloc.get_tracemalloc_memory()
        tracemalloc.stop()
        return {"heap": heap / self.tasks, "resident": grown / self.tasks}


async def in_asyncio(tasks):
    begun = 0

    async def one():
        nonlocal begun
        begun += 1
        await asyncio.sleep(HOUR)

    async def main():
        async with asyncio.TaskGroup() as group:
            account = Account(tasks)
            kept = [group.create_task(one()) for _ in range(tasks)]
            while begun < tasks:
                await asyncio.sleep(0)
            found = account.close()
            for task in kept:
                task.cancel()
        return found

    return await main()


async def in_trio(tasks):
    import trio

    begun = 0

    async def one():
        nonlocal begun
        begun += 1
        await trio.sleep(HOUR)

    async with trio.open_nursery() as nursery:
        account = Account(tasks)
        for _ in range(tasks):
            nursery.start_soon(one)
        while begun < tasks:
            await trio.sleep(0)
        found = account.close()
        nursery.cancel_scope.cancel()
    return found


async def in_anyio(tasks):
    import anyio

    begun = 0

    async def one():
        nonlocal begun
        begun += 1
        await anyio.sleep(HOUR)

    async with anyio.create_task_group() as group:
        account = Account(tasks)
        for _ in range(tasks):
            group.start_soon(one)
        while begun < tasks:
            await anyio.sleep(0)
        found = account.close()
        group.cancel_scope.cancel()
    return found


def trio_way():
    import trio

    return lambda tasks: trio.run(in_trio, tasks)


serve({"asyncio": lambda: lambda tasks: asyncio.run(in_asyncio(tasks)), "trio": trio_way, "anyio": lambda: lambda tasks: asyncio.run(in_anyio(tasks))})
