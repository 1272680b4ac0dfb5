"""One worker of the vendor's consumer, as its users write one: prints each log as a line of JSON until its input ends."""

import json
import logging
import os
import sys
import threading

from tencentcloud.log.consumer import ConsumerProcessorBase, ConsumerWorker, LogHubConfig

logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
settings = json.loads(sys.argv[1])
lock = threading.Lock()


class Printer(ConsumerProcessorBase):
    def initialize(self, topic_id):
        self.topic_id = topic_id

    def process(self, log_groups, offset_tracker):
        with lock:
            for log_group in log_groups:
                for log in log_group.logs:
                    contents = {content.key: content.value for content in log.contents}
                    line = {"time": log.time, "contents": contents, "source": log_group.source}
                    sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
        offset_tracker.save_offset(True)

    def shutdown(self, offset_tracker):
        offset_tracker.save_offset(True)


worker = ConsumerWorker(
    Printer,
    LogHubConfig(
        settings["endpoint"],
        os.environ["SECRET_ID"],
        os.environ["SECRET_KEY"],
        settings["region"],
        settings["logset"],
        settings["topics"],
        settings["group"],
        settings["consumer"],
        heartbeat_interval=1,
        data_fetch_interval=0.2,
        offset_start_time=settings.get("from", "begin"),
        offset_end_time=settings.get("until"),
        query=settings.get("query"),
    ),
)
worker.start()
if settings.get("until") is None:
    sys.stdin.read()
    worker.shutdown()
worker.join()
