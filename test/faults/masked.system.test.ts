import { rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { CosBatchPipeline, CosOutput, LogBucket, LogContent, Redact } from "../../lib";
import { Testing } from "../../lib/framework";
import { LocalCloud } from "../../local/cloud";
import { environmentOf, tencentLogs } from "../cli/support/cli";
import { testStack } from "../lib/support/stack";

jest.setTimeout(60_000);

const LAKE = "lake-1250000000";

/** What is to be masked, by its kind. */
const SECRETS = {
  phone: "13800138000",
  idCard: "110101199003077774",
  email: "you@example.com",
  bankCard: "6222021234567890128",
  tencentKeys: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
};
const SECRET = Object.values(SECRETS).join(" / ");
const MASKED = Object.keys(SECRETS)
  .map((kind) => `[${kind}]`)
  .join(" / ");

const CONTENTS: Readonly<Record<string, { content: LogContent; good: string; invalid: string; foreign: string }>> = {
  "JSON lines": {
    content: LogContent.jsonLines(),
    good: `{"text":"${SECRET}"}\n`,
    invalid: `broken {"text":"${SECRET}\n`,
    foreign: `${SECRET}\n`,
  },
  CSV: {
    content: LogContent.csv(),
    good: `text,other\n${SECRET},1\n`,
    invalid: `text,other\n${SECRET}\n"${SECRET}"x,2\n`,
    foreign: `${SECRET};${SECRET}\n1;2\n`,
  },
  "a preset": {
    content: LogContent.preset({
      name: "own",
      pattern: /(?<n>\S+) (?<text>.*)/,
      integers: ["n"],
    }),
    good: `1 ${SECRET}\n`,
    invalid: `${SECRETS.email} ${SECRET}\n`,
    foreign: `${SECRETS.email} ${SECRET}\n`,
  },
};

it.each(Object.entries(CONTENTS))(
  "nothing unmasked of %s lies anywhere but in the input, whatever goes wrong",
  async (_, { content, good, invalid, foreign }) => {
    const stack = testStack();
    const [input, lake] = ["in", "lake"].map(
      (bucketName) => new LogBucket(stack, bucketName, { bucketName, appId: "1250000000" }),
    );
    new CosBatchPipeline(stack, "Masked", {
      functionName: "masked",
      source: { bucket: input, prefix: "" },
      bucket: lake,
      content,
      outputs: {
        main: new CosOutput(lake, { prefix: "main/", onFailure: "quarantine" }),
        invalid: new CosOutput(lake, { prefix: "invalid/", onFailure: "quarantine" }),
      },
      defaultOutput: "main",
      quarantinePrefix: "notes/",
      redact: [Redact.phone(), Redact.idCard(), Redact.email(), Redact.bankCard(), Redact.tencentKeys()],
    });
    const folder = Testing.fullSynth(stack);
    const cloud = await LocalCloud.deploy({ stackFolder: join(folder, "stacks/logs") });
    /** All that the function has written: keys, objects and lines of its log. */
    const written = async (): Promise<string[]> => {
      const bucket = cloud.bucket(LAKE);
      const objects = bucket.keys().map(async (key) => {
        const bytes = await bucket.read(key);
        return `${key}: ${bytes[0] === 0x1f ? gunzipSync(bytes).toString() : bytes.toString()}`;
      });
      return [...(await Promise.all(objects)), ...cloud.invocations.flatMap(({ log }) => log)];
    };
    const leaks = async () =>
      (await written()).filter((text) => Object.values(SECRETS).some((secret) => text.includes(secret)));
    try {
      cloud.cos.faults = ({ method, key }) =>
        method === "PUT" && /^(main|invalid)\//.test(key) ? { status: 403, code: "AccessDenied" } : undefined;
      const bucket = cloud.bucket("in-1250000000");
      await bucket.put("good", good + invalid);
      const packed = gzipSync(good.repeat(50), { level: 0 });
      await bucket.put("cut.gz", packed.subarray(0, packed.length - 20));
      await bucket.put("foreign", foreign);
      await cloud.settled();
      expect(await leaks()).toEqual([]);
      const { length } = cloud.bucket(LAKE).keys("notes/outputs/");
      expect(length).toBeGreaterThanOrEqual(4);

      cloud.cos.faults = () => undefined;
      const place = ["--bucket", LAKE, "--region", "ap-guangzhou", "--prefix", "notes/"];
      await tencentLogs(["replay", ...place, "--function", "masked", "--all", "--sync"], environmentOf(cloud));
      const all = await written();
      expect(await leaks()).toEqual([]);
      const arrived = (prefix: string) => all.filter((text) => text.startsWith(prefix)).join("\n");
      expect(arrived("main/")).toContain(MASKED);
      expect(arrived("invalid/")).toContain(MASKED);
    } finally {
      await cloud.close();
      rmSync(folder, { recursive: true });
    }
  },
);
