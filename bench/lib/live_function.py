"""A measured Python function: `live_function.py MODULE JSON` calls it, and reports on file descriptor 3."""
import importlib
import json
import os
import sys
import time

sys.path.insert(0, os.getcwd())
started = time.perf_counter()
handler = importlib.import_module(sys.argv[1]).main_handler
load_ms = (time.perf_counter() - started) * 1000
given = json.loads(sys.argv[2])


def call(lines, request):
    context = {"request_id": request, "function_name": "orders", "namespace": "default", "function_version": "$LATEST"}
    started, cpu = time.perf_counter(), time.process_time()
    handler({"lines": lines}, context)
    return {"ms": (time.perf_counter() - started) * 1000, "cpuMs": (time.process_time() - cpu) * 1000}


first_ms = call(1, "first")["ms"]
time.sleep(0.3)
called = []
for run in range(given.get("runs", 1)):
    time.sleep(given.get("betweenMs", 0) / 1000 if run else 0)
    called.append(call(given["lines"], "5f6a2e0c-9b11-4a43-8f3e-%012d" % run))
os.write(3, json.dumps({"loadMs": load_ms, "firstMs": first_ms, "called": called}).encode())
sys.stdout.flush()
os._exit(0)
