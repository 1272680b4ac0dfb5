"""Reads events from a line of JSON, waits for a second line, runs them, prints the number of results."""

import json
import os
import sys

from aliyun.log.etl_core.runner import Runner

run = Runner(os.path.join(os.path.dirname(os.path.abspath(__file__)), "seven_lines.py"))
events = json.loads(sys.stdin.readline())
print("ready", flush=True)
sys.stdin.readline()
left = 0
for event in events:
    result = run(event)
    left += len(result) if isinstance(result, (list, tuple)) else 1
print(left, flush=True)
