"""The task of Celery's workers. `PORT` is Redis's."""

import os

from celery import Celery

redis = f"redis://127.0.0.1:{os.environ['PORT']}/0"
app = Celery("celery_tasks", broker=redis, backend=redis)
app.conf.update(worker_prefetch_multiplier=64)


@app.task(name="noop")
def noop(value):
    return value
