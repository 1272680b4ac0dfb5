import type { LocalCloud } from "../../../local/cloud";
import type { Invocation } from "../../../local/scf/invocation";
import { closeClouds, deploy } from "../support/cloud";
import type { Block } from "../support/plan";

afterEach(closeClouds);

const deployPython = (python: string, scf: Block = {}): Promise<LocalCloud> =>
  deploy({ python, scf: { runtime: "Python3.10", ...scf } });

async function call(cloud: LocalCloud, event: unknown = {}): Promise<Invocation> {
  const { ended } = await cloud.invoke({ functionName: "batch", namespace: "default", event, wait: true });
  return ended as Invocation;
}

describe("a Python function", () => {
  test("gets event, context, variables and the role's key, and stays warm", async () => {
    const cloud = await deployPython(`import os
count = 0
def main_handler(event, context):
    global count
    count += 1
    return [event, context["request_id"], context["time_limit_in_ms"], context["function_name"],
            os.environ["TENCENTCLOUD_SECRETID"], os.environ["ESCAPED"], os.getcwd() == os.path.dirname(__file__), count]
`);
    const { requestId, result } = await call(cloud, { a: ["灯", 1] });
    const { secretId } = cloud.cam.assumeRole(cloud.cam.roleFor("scf.qcloud.com", "run"));
    expect(result).toEqual([{ a: ["灯", 1] }, requestId, 10_000, "batch", secretId, "\${a} %{b}", true, 1]);
    expect(((await call(cloud)).result as unknown[])[7]).toBe(2);
  });

  test("is heard by print, logging, threads and children, line by line", async () => {
    const cloud = await deployPython(`import logging, os, subprocess, sys, threading
print("loaded")
def main_handler(event, context):
    print("灯", end="\\n")
    sys.stderr.write("on error\\n")
    logging.warning("logged")
    thread = threading.Thread(target=lambda: print("in a thread"))
    thread.start()
    thread.join()
    subprocess.run(["echo", "of a child"])
    print("no line end", end="")
`);
    const { log } = await call(cloud);
    expect([...log].sort()).toEqual(
      ["loaded", "灯", "on error", "WARNING:root:logged", "in a thread", "of a child", "no line end"].sort(),
    );
  });

  test.each([
    ["throws", `def main_handler(event, context):\n    return {}["gone"]\n`, "KeyError: 'gone'"],
    ["cannot be loaded", `import gone\n`, "No module named 'gone'"],
    ["has no such handler", `other = 1\n`, "handler index.main_handler must be a function of its module"],
    ["returns what is no JSON", `def main_handler(event, context):\n    return {1, 2}\n`, "not JSON serializable"],
  ])("that %s ends with SCF's error and the traceback", async (_what, code, reason) => {
    const { error } = await call(await deployPython(code));
    expect(error).toMatchObject({ errorCode: 1, errorMessage: "User code exception caught", statusCode: 430 });
    expect(error?.stackTrace).toContain("Traceback (most recent call last)");
    expect(error?.stackTrace).toContain(reason);
  });

  test.each<[string, string, Block, number]>([
    ["takes too long", "while True: pass", { timeout: 1 }, 433],
    ["takes too much memory", "kept = [bytearray(b'x' * 16_000_000) for _ in range(40)]", { mem_size: 128 }, 434],
    ["ends its process", "import os; os._exit(3)", {}, 439],
    ["asks to exit", "import sys; sys.exit(0)", {}, 439],
  ])("that %s is ended, and the next event finds another", async (_what, body, scf, status) => {
    const code = `def main_handler(event, context):\n    if event.get("ok"): return 1\n    print("in")\n    ${body}\n`;
    const cloud = await deployPython(code, scf);
    expect(await call(cloud)).toMatchObject({ error: { statusCode: status }, log: expect.arrayContaining(["in"]) });
    expect(await call(cloud, { ok: true })).toMatchObject({ result: 1 });
  });
});
