import { gzipSync } from "node:zlib";
import { CREDENTIALS, environmentOf } from "../functions/support/cos-server";
import { withCosServer } from "../functions/support/environment";
import { cosEvent, cosRecord, UPLOADER_SIGNATURE } from "../functions/support/events";
import { EVERY_FAULT } from "./support/cases";
import { Instance } from "./support/instance";

jest.setTimeout(30_000);

const server = withCosServer();
const BUCKET = "logs-1250000000";
const LINE = '{"text":"logtext0006"}\n';

/** As SCF's: where a function has a role, the context holds its keys. */
const CONTEXT = {
  request_id: "scf-request",
  environment: JSON.stringify(CREDENTIALS),
  environ: `TENCENTCLOUD_SECRETKEY=${CREDENTIALS.secretKey};contextmarker0007`,
};

/** What must never be told, and what only a whole event or a whole context would hold. */
const SECRETS = [
  ...Object.values(CREDENTIALS),
  ...UPLOADER_SIGNATURE.split("&")
    .map((part) => part.split("=")[1])
    .filter((value) => value !== "sha1"),
  "q-sign-",
  "q-signature=5e2f",
  "cosSchemaVersion",
  "requestHeaders",
  "contextmarker0007",
  "callbackWaitsForEmptyEventLoop",
  "logtext0006",
];

/** Runs one event of these objects in an instance of its own; resolves to all that was written. */
async function run(names: readonly string[], timeLimitMs: number): Promise<string> {
  const instance = new Instance(environmentOf(server()));
  try {
    const broken = { cos: { cosBucket: UPLOADER_SIGNATURE }, event: { requestHeaders: UPLOADER_SIGNATURE } };
    const records = names.map((name) => cosRecord(BUCKET, `${name}.gz`));
    const ended = await instance.invoke(cosEvent(...records, broken), { ...CONTEXT, time_limit_in_ms: timeLimitMs });
    return `${instance.output}\n${JSON.stringify(ended)}`;
  } finally {
    instance.kill();
  }
}

it("no secret, event, context or log text is told, whatever goes wrong", async () => {
  const names = Object.keys(EVERY_FAULT);
  const slow = names.filter((name) => /stall|no-answer|half-of-the-headers/.test(name));
  for (const name of names) server().objects.set(`${BUCKET}/${name}.gz`, gzipSync(LINE.repeat(50)));
  server().fault = ({ method, object }, earlier) => {
    const name = object.slice(object.lastIndexOf("/") + 1).split(".")[0];
    const fault = EVERY_FAULT[name];
    // A note that cannot be written is told too.
    if (method === "PUT" && name === "no-right") return fault;
    if (method !== "GET") return undefined;
    const resumed = ["ignoreRange", "shiftRange", "otherTotal", "none"].includes(fault.type);
    if (resumed && earlier === 0) return { type: "reset", afterBytes: 15, how: "fin" };
    return earlier === (resumed ? 1 : 0) ? fault : undefined;
  };

  const outputs = await Promise.all([
    run(
      names.filter((name) => !slow.includes(name)),
      20_000,
    ),
    ...slow.map((name) => run([name], 2_000)),
  ]);
  const notes = [...server().objects].filter(([name]) => name.includes("/quarantine/")).map(([, note]) => String(note));
  const told = [...outputs, ...notes].join("\n");
  for (const secret of SECRETS) expect(told).not.toContain(secret);
  expect(notes.length).toBeGreaterThan(15);
  expect(told).toContain("its note cannot be written");
  expect(told).toContain("Records[");
  console.info(`secrets: ${SECRETS.length} looked for after ${names.length} faults, in ${told.length} characters`);
});
