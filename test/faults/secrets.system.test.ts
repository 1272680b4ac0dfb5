import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CREDENTIALS, environmentOf } from "../functions/support/cos-server";
import { withCosServer } from "../functions/support/environment";
import { cosEvent, cosRecord, UPLOADER_SIGNATURE } from "../functions/support/events";
import { type Answer, type Received, TestServer } from "../functions/support/http-server";
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

/** What lets somebody in to servers, in the forms in which requests hold it. */
const KEYS = {
  LOGS_SECRET_LOGIN: "passw0rd-1234567",
  LOGS_SECRET_KEY: "YXBpa2V5OjEyMzQ1Njc4OTA=",
  LOGS_SECRET_TOKEN: "Bearer t0ken-1234567",
};

const DIST = join(__dirname, "../../dist");
const PARTS = Object.fromEntries(
  ["out-elasticsearch.js", "out-otlp.js"].map((part) => [part, readFileSync(join(DIST, "parts", part), "utf8")]),
);
const A = { urlSecret: "LOGS_SECRET_A" };
const B = { urlSecret: "LOGS_SECRET_B" };
const SERVERS = {
  login: { type: "elasticsearch", ...B, index: "a", username: "writer", passwordSecret: "LOGS_SECRET_LOGIN" },
  key: { type: "elasticsearch", ...B, index: "a", apiKeySecret: "LOGS_SECRET_KEY" },
  token: { type: "otlp", ...B, secretHeaders: { Authorization: "LOGS_SECRET_TOKEN" } },
  address: { type: "otlp", ...A, encoding: "json" },
} as const;

/** What a server answers that repeats all that it was told, of a request or of each record. */
function repeated({ headers, url }: Received, status: number): Answer {
  const said = `no: ${JSON.stringify({ url, ...headers })}`;
  const success = url.includes("_bulk")
    ? { items: Array(3).fill({ create: { status: 400, error: { type: "mapper_parsing_exception", reason: said } } }) }
    : { partialSuccess: { rejectedLogRecords: 1, errorMessage: said } };
  const body = status === 200 ? success : { message: said, error: { type: "x", reason: said } };
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** Sends records to such a server; resolves to all that was told of it, and to what it was told. */
async function tellsOf(output: object, status: number): Promise<{ told: string; authorization: string }> {
  const hook = await TestServer.start();
  hook.answer = (request) => repeated(request, status);
  const secrets = {
    ...KEYS,
    LOGS_SECRET_A: `${hook.url.replace("http://", "http://user7:p4ssword-77@")}/hidden-path-7`,
    LOGS_SECRET_B: `${hook.url}/hidden-path-8`,
  };
  const settings = {
    version: 1,
    region: "ap-guangzhou",
    processor: { type: "count", check: "json" },
    outputs: { out: output },
    quarantine: { bucket: BUCKET, region: "ap-guangzhou", prefix: "quarantine/" },
  };
  const environment = { ...environmentOf(server()), ...secrets };
  const instance = new Instance(environment, settings, PARTS, join(DIST, "handlers/cos-batch/index.js"));
  const name = `repeated-${status}.gz`;
  server().objects.set(`${BUCKET}/${name}`, gzipSync(LINE.repeat(3)));
  try {
    const ended = await instance.invoke(cosEvent(cosRecord(BUCKET, name)), { ...CONTEXT, time_limit_in_ms: 4_000 });
    const notes = [...server().objects].filter(([key]) => key.includes(`/${name}/`) && key.endsWith(".json"));
    expect([hook.requests.length > 0, notes.length]).toEqual([true, 1]);
    const told = [instance.output, JSON.stringify(ended), ...notes.map(([, note]) => String(note))].join("\n");
    return { told, authorization: hook.requests[0].headers.authorization ?? "" };
  } finally {
    instance.kill();
    await hook.stop();
  }
}

it.each(Object.keys(SERVERS) as (keyof typeof SERVERS)[])(
  "nothing that lets somebody in is told where a server repeats it all: its %s",
  async (name) => {
    const tells = await Promise.all([401, 503, 200].map((status) => tellsOf(SERVERS[name], status)));
    for (const { told, authorization } of tells) {
      const sent = [authorization, authorization.replace(/^\w+ /, "")].filter((text) => text !== "");
      const pieces = ["p4ssword-77", "user7:", "hidden-path"];
      for (const secret of [...Object.values(KEYS), ...sent, ...pieces]) expect(told).not.toContain(secret);
    }
  },
);
