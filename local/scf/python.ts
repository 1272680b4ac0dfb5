import { spawnSync } from "node:child_process";

/**
 * Runs inside a Python function's process, like `bootstrap.ts` for Node.js: it loads the handler and runs invocations
 * one after the other. It is Python in a string for the same reason, and compatible with Python 3.6, the oldest version
 * in SCF. Tasks and outcomes are sent as lines of JSON over a separate socket.
 */
export const PYTHON_BOOTSTRAP = `import importlib
import json
import os
import sys
import traceback

CHANNEL = 3


def write(descriptor, data):
    while data:
        data = data[os.write(descriptor, data):]


def send(message):
    write(CHANNEL, (json.dumps(message) + "\\n").encode())


def describe(error):
    return {"message": str(error), "stack": traceback.format_exc()}


def load(name):
    module, _, attribute = name.rpartition(".")
    handler = getattr(importlib.import_module(module), attribute, None)
    if not callable(handler):
        raise AttributeError("handler " + name + " must be a function of its module")
    return handler


def invoke(handler, task):
    os.environ.update(task["credentials"])
    try:
        return {"result": json.dumps(handler(task["event"], task["context"]))}
    except Exception as error:
        return {"error": describe(error)}


def run():
    # The folder of the code, in place of this file's.
    sys.path[0] = os.getcwd()
    try:
        handler = load(sys.argv[1])
    except Exception as error:
        return send({"type": "broken", "error": describe(error)})
    send({"type": "ready"})
    with os.fdopen(os.dup(CHANNEL), "rb") as tasks:
        for line in tasks:
            task = json.loads(line.decode())
            outcome = invoke(handler, task)
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            for descriptor in (1, 2):
                write(descriptor, task["marker"].encode())
            outcome["type"] = "done"
            send(outcome)


run()
`;

let found: { readonly path: string | undefined } | undefined;

/** The machine's real `python3`, resolved through wrappers on the `PATH`; undefined if there is none. */
export function findPython(): string | undefined {
  if (found === undefined) {
    const { status, stdout } = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
    found = { path: status === 0 ? stdout.trim() : undefined };
  }
  return found.path;
}
