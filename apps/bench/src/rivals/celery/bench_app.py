"""The Celery app that producer and worker share: one task, and a chord's body."""

from celery import Celery

STORES_RESULTS = ('stored', 'answer', 'chord')


def make_app(url, kind, run):
    """`run(x, results)` is what the tasks call; producers pass None. Returns (app, job, body)."""
    stores = kind in STORES_RESULTS
    app = Celery('bench', broker=url, backend=url if stores else None)
    app.conf.update(
        task_ignore_result=not stores,
        task_default_queue='bench',
        worker_concurrency=2,
        worker_prefetch_multiplier=64,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )

    @app.task(name='bench.job', bind=True, max_retries=1, default_retry_delay=0)
    def job(self, x, y=None, p=None):
        try:
            return run(x, None)
        except RuntimeError as error:
            raise self.retry(exc=error, countdown=0)

    @app.task(name='bench.body')
    def body(results, x, y=None, p=None):
        return run(x, results)

    return app, job, body
