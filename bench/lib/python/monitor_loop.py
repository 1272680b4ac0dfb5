"""Reads conditions, then matches them in a file of delivered events, parsing each log; prints times and matches."""

import gzip
import json
import re
import sys
import time

settings = json.loads(sys.stdin.readline())
monitors = [[(field, re.compile(pattern)) for field, pattern in fields] for fields in settings["monitors"]]
with gzip.open(settings["path"]) as file:
    batches = file.read().split(b"\n")[:-1] * settings["passes"]

wall, cpu = time.perf_counter(), time.process_time()
found = 0
for batch in batches:
    for log in json.loads(batch)["records"]:
        record = json.loads(log["content"])
        for fields in monitors:
            for field, pattern in fields:
                if field in record and pattern.search(record[field]):
                    found += 1
                    break
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps({"ms": wall * 1000, "cpuMs": cpu * 1000, "result": "%d matches" % found}))
