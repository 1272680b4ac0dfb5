"""Waits for a line of settings, pulls a topic to its end with the vendor's client, and examines each log like a consumer."""

import json
import re
import sys

from tencentcloud.log.logclient import LogClient

settings = json.loads(sys.stdin.readline())
client = LogClient("http://%s.cls.tencentcs.com" % settings["region"], settings["secretId"], settings["secretKey"])
level, text = re.compile("^error$"), re.compile(r"customer 77\d\d ")
print("ready", flush=True)
sys.stdin.readline()
lines = 0
matches = 0
offset = 0
while True:
    answer = client.pull_logs(settings["topicId"], 1, 1048576, offset=offset)
    for group in answer.get_log_groups():
        for log in group.logs:
            item = {content.key: content.value for content in log.contents}
            lines += 1
            if level.search(item.get("level", "")) and any(text.search(value) for value in item.values()):
                matches += 1
    if answer.get_next_offset() == offset:
        break
    offset = answer.get_next_offset()
print("%d lines, %d matches" % (lines, matches), flush=True)
