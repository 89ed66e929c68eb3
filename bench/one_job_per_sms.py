"""The baseline: SMS as one would first build it from the same packages, an RQ job for each, sent through the SDK.

`python -m bench.one_job_per_sms REDIS_URL CARRIER_URL API_KEY` is its worker: RQ's quicker one, which does not fork.
"""

import os
import sys

import africastalking
from redis import Redis
from rq import Queue, SimpleWorker

QUEUE = "one-job-per-sms"


def send_one(phone: str, body: str) -> None:
    """Sends one SMS."""
    if africastalking.SMS is None:
        africastalking.initialize("simulator", os.environ["API_KEY"])
        africastalking.SMS._baseUrl = os.environ["CARRIER_URL"] + "/version1"
    africastalking.SMS.send(body, [phone], "1548")


def enqueue(redis_url: str, phones: list[str], body: str) -> None:
    """Queues a job for each phone."""
    with Redis.from_url(redis_url) as connection:
        queue = Queue(QUEUE, connection=connection)
        queue.enqueue_many([Queue.prepare_data(send_one, (phone, body)) for phone in phones])


def main() -> None:
    """Works until it is told to end."""
    redis_url, os.environ["CARRIER_URL"], os.environ["API_KEY"] = sys.argv[1:]
    with Redis.from_url(redis_url) as connection:
        SimpleWorker([QUEUE], connection=connection).work(logging_level="ERROR")


if __name__ == "__main__":
    main()
