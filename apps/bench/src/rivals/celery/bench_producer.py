"""A Celery producer: whole workloads, timed here. usage: bench_producer.py '{"url": …, "kind": …}'"""

import array
import json
import sys
import time
from datetime import datetime, timezone

from celery import chord, group

from bench_app import make_app
from line_server import LineServer, base64_of

FRAME_BYTES = 13
RESULT_TIMEOUT_S = 20


def make_kwargs(x, size):
    """As the other harnesses make inputs: padded to so many bytes of JSON."""
    if size is None:
        return {'x': x, 'y': 2}
    return {'x': x, 'p': 'x' * max(1, size - FRAME_BYTES - len(str(x)))}


def timed(act):
    started = time.time() * 1000
    act()
    return {'startedAt': started, 'endedAt': time.time() * 1000}


def main(spec):
    app, job, body = make_app(spec['url'], spec['kind'], None)
    producer = app.amqp.Producer(app.connection_for_write())
    last = None

    def send(x, size, **options):
        nonlocal last
        last = job.apply_async(kwargs=make_kwargs(x, size), producer=producer, **options)
        return last

    def send_range(plan, **options):
        for x in range(plan['from'], plan['to']):
            send(x, plan.get('bytes'), **options)

    def bulk(plan):
        at = plan.get('at')
        options = {} if at is None else {'eta': datetime.fromtimestamp(at / 1000, timezone.utc)}
        return timed(lambda: send_range(plan, **options))

    def one_by_one(plan):
        sent, answered = array.array('d'), array.array('d')
        for x in range(plan['from'], plan['to']):
            sent.append(time.time() * 1000)
            value = send(x, plan.get('bytes')).get(timeout=RESULT_TIMEOUT_S)
            answered.append(time.time() * 1000)
            if value != x:
                raise ValueError(f'job {x} answered {value}')
            time.sleep(plan['pauseMs'] / 1000)
        return {'sent': base64_of(sent.tobytes()), 'answered': base64_of(answered.tobytes())}

    def send_chord(plan):
        size = plan.get('bytes')
        members = group(job.s(**make_kwargs(x, size)) for x in range(plan['from'], plan['to']))
        return timed(lambda: chord(members)(body.s(**make_kwargs(plan['to'], size))))

    app.connection_for_write().ensure_connection(max_retries=3)
    server = LineServer({
        'bulk': bulk,
        'single': lambda plan: timed(lambda: send_range(plan)),
        'one_by_one': one_by_one,
        'chord': send_chord,
        'last_result': lambda plan: last.get(timeout=RESULT_TIMEOUT_S),
    })
    server.ready()
    server.serve()


main(json.loads(sys.argv[1]))
