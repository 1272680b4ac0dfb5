# Calls a Python handler like SCF: argv[1] is "file.function" in the working directory. Events are lines of JSON on file
# descriptor 3, outcomes are lines on 4.
import importlib
import json
import os
import sys
import time

sys.path.insert(0, os.getcwd())
calls = os.fdopen(3, "r")
answers = os.fdopen(4, "w", 1)


def answer(message):
    answers.write(json.dumps(message) + "\n")


def error_of(error):
    return {"message": str(error), "name": type(error).__name__}


module, _, name = sys.argv[1].rpartition(".")
try:
    handler = getattr(importlib.import_module(module), name)
    answer({"type": "ready"})
except Exception as error:
    answer({"type": "broken", "error": error_of(error)})

for line in iter(calls.readline, ""):
    call = json.loads(line)
    started = time.perf_counter()
    try:
        outcome = {"result": handler(call["event"], call["context"])}
    except Exception as error:
        outcome = {"error": error_of(error)}
    ms = (time.perf_counter() - started) * 1000
    sys.stdout.flush()
    answer(dict(outcome, type="done", ms=ms))
