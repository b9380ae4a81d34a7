"""A Celery worker with counters. usage: bench_worker.py '{"url": …, "kind": …, "jobs": …, "timeStarts": …}'"""

import json
import sys
import threading

from celery.signals import worker_ready

from bench_app import make_app
from line_server import LineServer
from run_recorder import RunRecorder


def main(spec):
    recorder = RunRecorder(spec['kind'], spec['jobs'], spec['timeStarts'])
    app, _job, _body = make_app(spec['url'], spec['kind'], recorder.run)
    server = LineServer({
        'progress': lambda plan: recorder.progress(),
        'snapshot': lambda plan: recorder.snapshot(),
    })
    threading.Thread(target=server.serve, daemon=True).start()
    worker_ready.connect(lambda **_: server.ready(), weak=False)
    worker = app.Worker(
        pool_cls='prefork', loglevel='ERROR', queues=['bench'],
        without_gossip=True, without_mingle=True, without_heartbeat=True,
    )
    worker.start()


main(json.loads(sys.argv[1]))
