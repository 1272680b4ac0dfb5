"""Waits for a line of settings, pulls a topic to its end with the vendor's client, and prints each log as NDJSON."""

import json
import sys

from tencentcloud.log.logclient import LogClient

settings = json.loads(sys.stdin.readline())
client = LogClient("http://%s.cls.tencentcs.com" % settings["region"], settings["secretId"], settings["secretKey"])
sink = open("/dev/null", "w")
print("ready", flush=True)
sys.stdin.readline()
lines = 0
offset = 0
while True:
    answer = client.pull_logs(settings["topicId"], 1, 1048576, offset=offset)
    for group in answer.get_log_groups():
        for log in group.logs:
            item = {"time": log.time, "source": group.source}
            for content in log.contents:
                item[content.key] = content.value
            sink.write(json.dumps(item) + "\n")
            lines += 1
    if answer.get_next_offset() == offset:
        break
    offset = answer.get_next_offset()
print(lines, flush=True)
