"""Tasks started together and waited for, in Python: `<row>: <way>`, of as many tasks as each sample is told."""

import asyncio
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "python"))
from ways import serve, timed  # noqa: E402


def told(run):
    """A sample that is told how many tasks there are."""
    samples = {}

    def sample(items):
        if items not in samples:
            samples[items] = timed(items, lambda: run(items))
        return samples[items]()

    return sample


def in_asyncio(body, checkpoint, loop_factory=None, task_factory=None):
    def make():
        runner = asyncio.Runner(loop_factory=loop_factory)
        if task_factory is not None:
            runner.get_loop().set_task_factory(task_factory)
        work = work_of(asyncio.sleep, checkpoint)
        return told(lambda items: runner.run(body(work, items)))

    return make


def work_of(sleep, checkpoint):
    """What a task does: waits once, or never."""

    async def waits(number):
        await sleep(0)
        return number

    async def returns(number):
        return number

    return waits if checkpoint else returns


async def by_gather(work, items):
    await asyncio.gather(*(work(number) for number in range(items)))


async def by_task_group(work, items):
    async with asyncio.TaskGroup() as group:
        for number in range(items):
            group.create_task(work(number))


def in_trio(checkpoint):
    def make():
        import trio

        work = work_of(trio.sleep, checkpoint)

        async def main(items):
            async with trio.open_nursery() as nursery:
                for number in range(items):
                    nursery.start_soon(work, number)

        return told(lambda items: trio.run(main, items))

    return make


def in_anyio(checkpoint, backend):
    def make():
        import anyio

        work = work_of(anyio.sleep, checkpoint)

        async def main(items):
            async with anyio.create_task_group() as group:
                for number in range(items):
                    group.start_soon(work, number)

        return told(lambda items: anyio.run(main, items, backend=backend))

    return make


def on_uvloop(checkpoint):
    def make():
        import uvloop

        return in_asyncio(by_task_group, checkpoint, loop_factory=uvloop.new_event_loop)()

    return make


def ways_of(row, checkpoint):
    return {
        f"{row}: gather": in_asyncio(by_gather, checkpoint),
        f"{row}: TaskGroup": in_asyncio(by_task_group, checkpoint),
        f"{row}: eager": in_asyncio(by_task_group, checkpoint, task_factory=getattr(asyncio, "eager_task_factory", None)),
        f"{row}: uvloop": on_uvloop(checkpoint),
        f"{row}: trio": in_trio(checkpoint),
        f"{row}: anyio": in_anyio(checkpoint, "asyncio"),
        f"{row}: anyio-trio": in_anyio(checkpoint, "trio"),
    }


serve({**ways_of("one-await", True), **ways_of("trivial", False)})
