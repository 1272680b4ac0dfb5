import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { call } from "../local/support/api";
import { closeClouds, start } from "../local/support/cloud";

// A process of Python that starts on a busy machine is no matter of five seconds.
jest.setTimeout(30_000);

afterEach(closeClouds);

const built = (file: string): Uint8Array => readFileSync(join(__dirname, "../../dist", file));

test.each([
  [
    "Nodejs18.15",
    "logs-live.main_handler",
    { "logs-live.js": built("parts/live.js") },
    "index.js",
    "exports.main_handler = async (event) => event;",
  ],
  [
    "Python3.10",
    "logs.main_handler",
    { "logs.py": built("live/logs.py") },
    "index.py",
    "def main_handler(event, context): return event\n",
  ],
])("a function of %s works while an update has brought its wrapped code and not yet LOGS_LIVE", async (...given) => {
  const [Runtime, Handler, ours, name, source] = given;
  const cloud = await start();
  const ZipFile = Buffer.from(zipSync({ ...ours, [name]: strToU8(source) })).toString("base64");
  await call(cloud, "scf:CreateFunction", { FunctionName: "orders", Code: { ZipFile }, Handler, Runtime });
  const { ended } = await cloud.invoke({ functionName: "orders", namespace: "default", event: { a: 1 }, wait: true });
  expect(ended).toMatchObject({ result: { a: 1 } });
});
