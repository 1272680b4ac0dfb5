import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { compileRules, type Rules } from "../../rules/run/engine";
import { Event } from "../../rules/run/event";
import { closeClouds, deploy, sdk } from "../local/support/cloud";
import { BUCKET, REGION } from "../local/support/plan";
import { withCosServer } from "../functions/support/environment";
import { CREDENTIALS } from "../functions/support/cos-server";
import { parts, problemsOf, valueOf } from "./support";

describe("res_local", () => {
  const environment = { TEXT: "plain", LIST: '[1, 2.0, "x"]', INT: "7", TUPLE: "(1, 2)", NULL: "null" };
  const read = (expression: string) => valueOf(expression, { result: "before" }, { environment });

  it("gives the value of the variable's JSON, or its text", () => {
    expect(read('res_local("TEXT")')).toBe("plain");
    expect(read('res_local("LIST")')).toBe('[1, 2.0, "x"]');
    expect(read('res_local("TUPLE")')).toBe("(1, 2)");
    expect(read('res_local("NULL")')).toBe("before");
  });

  it("gives the default where the variable is not set, or is no JSON and must be", () => {
    expect(read('res_local("NONE")')).toBe("before");
    expect(read('res_local("NONE", default="other")')).toBe("other");
    expect(read('res_local("TEXT", "other", type="JSON")')).toBe("other");
    expect(read('res_local("INT", type="raw")')).toBe("7");
    expect(read('res_local("constructor", "none")')).toBe("none");
  });

  const KEYS = {
    LOGS_SECRET_HOOK: "secret-1",
    TENCENTCLOUD_SECRETKEY: "secret-2",
    TENCENTCLOUD_SESSIONTOKEN: "secret-3",
    QCLOUD_KEY: "secret-4",
    tencentcloud_secretkey: "secret-5",
  };
  const REFUSED = "a variable that is no key, as LOGS_SECRET_*, TENCENTCLOUD_* and QCLOUD_* are";

  it.each(Object.keys(KEYS))("refuses %s when the text is checked, and when an event brings its name", (name) => {
    const problems = problemsOf(`e_set("a", res_local("${name}"))`);
    expect(problems).toEqual([
      expect.stringContaining(
        `1:22 error RULES_VALUE: param must be the name of ${REFUSED}, got "${name}"; ` +
          "give the function what rules may read as environment, under a name of your own\n",
      ),
    ]);
    for (const computed of ['v("name")', 'op_add(v("name"), "")', 'str_format("{}{}", v("name"), "")']) {
      const rules = compileRules(`e_set("result", res_local(${computed}, "none"))`, { parts, environment: KEYS });
      const { failure, emitted } = rules.run(new Event({ name }));
      expect(failure).toContain(`res_local must get the name of ${REFUSED}, got ${name}`);
      expect(JSON.stringify([failure, emitted.map(({ event }) => event.fields)])).not.toContain("secret-");
    }
  });

  it("refuses another type when the text is checked", () => {
    expect(problemsOf('e_set("a", res_local("X", type="yaml"))').join()).toContain(
      'type must be one of auto, JSON, raw, got "yaml"',
    );
  });
});

describe("res_oss_file", () => {
  const server = withCosServer();
  const NAME = "rules-1250000000/lists/users.csv";
  const ENDPOINT = 'endpoint="https://cos.ap-guangzhou.myqcloud.com"';
  const FAST = "base_retry_back_off=0.001, max_retry_back_off=0.002";
  const file = (options = "") =>
    `res_oss_file(${ENDPOINT}, bucket="rules-1250000000", file="lists/users.csv", ${FAST}${options})`;
  const compile = (expression: string) => compileRules(`e_set("result", ${expression})`, { parts });
  const run = (rules: Rules) => rules.run(new Event({})).emitted[0]?.event.get("result");

  afterEach(async () => {
    jest.restoreAllMocks();
    await closeClouds();
  });

  it("reads the object before the first event, as the function's role", async () => {
    server().objects.set(NAME, Buffer.from("\ufeffname,age\nann,1\n"));
    const rules = compile(file());
    await rules.refresh();
    expect(run(rules)).toBe("name,age\nann,1\n");
    expect(server().requests).toMatchObject([{ object: NAME, host: "rules-1250000000.cos.ap-guangzhou.myqcloud.com" }]);
  });

  it("reads it once for all invocations where no interval is given", async () => {
    server().objects.set(NAME, Buffer.from("one"));
    const rules = compile(file());
    await rules.refresh();
    server().objects.set(NAME, Buffer.from("two"));
    await rules.refresh();
    expect(run(rules)).toBe("one");
    expect(server().requests).toHaveLength(1);
  });

  it("shows what has changed to the next invocation after the interval", async () => {
    server().objects.set(NAME, Buffer.from("a,1"));
    const rules = compile(`url_encoding(${file(", change_detect_interval=60")})`);
    const clock = jest.spyOn(Date, "now");
    const at = (seconds: number) => clock.mockReturnValue(1_700_000_000_000 + seconds * 1000);
    at(0);
    // The signature of each request holds the time as well: the server checks it by the same clock.
    await rules.refresh();
    expect(run(rules)).toBe("a%2C1");

    server().objects.set(NAME, Buffer.from("b,2"));
    at(59);
    await rules.refresh();
    expect(run(rules)).toBe("a%2C1");
    at(60);
    await rules.refresh();
    expect(run(rules)).toBe("b%2C2");
    at(120);
    await rules.refresh();
    expect(run(rules)).toBe("b%2C2");
    expect(server().requests.map(({ ifNoneMatch }) => ifNoneMatch !== undefined)).toEqual([false, true, true]);
  });

  it("unpacks gzip, and gives bytes where it is asked to", async () => {
    server().objects.set(NAME, gzipSync("packed"));
    const rules = compile(`base64_encoding(${file(', format="binary", decompress="gzip"')})`);
    await rules.refresh();
    expect(run(rules)).toBe(Buffer.from("packed").toString("base64"));
  });

  it("goes on where the connection breaks", async () => {
    server().objects.set(NAME, Buffer.from("x".repeat(1000)));
    server().fault = (_, earlier) => (earlier === 0 ? { type: "reset", afterBytes: 300, how: "fin" } : undefined);
    const rules = compile(file());
    await rules.refresh();
    expect(run(rules)).toHaveLength(1000);
  });

  it("waits for an object that is not there yet, then fails with COS's own code", async () => {
    const rules = compile(file());
    await expect(rules.refresh()).rejects.toThrow("NoSuchKey");
    expect(server().requests).toHaveLength(4);
    server().objects.set(NAME, Buffer.from("late"));
    await rules.refresh();
    expect(run(rules)).toBe("late");
  });

  it("goes on with what it knows where a later read fails", async () => {
    const told = jest.spyOn(console, "error").mockImplementation(() => undefined);
    server().objects.set(NAME, Buffer.from("kept"));
    const rules = compile(file(", change_detect_interval=0.001"));
    await rules.refresh();
    server().objects.delete(NAME);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await rules.refresh();
    expect(run(rules)).toBe("kept");
    expect(told).toHaveBeenCalledWith(expect.stringContaining("NoSuchKey"));
  });

  it("takes keys of its own from the environment, and tells none of them", async () => {
    const environment = { KEY_ID: "AKIDsomeoneelse0001", KEY: "someoneelseskey0002" };
    const text = `e_set("result", ${file(', ak_id=res_local("KEY_ID"), ak_key=res_local("KEY")')})`;
    const refusal = await compileRules(text, { parts, environment })
      .refresh()
      .catch((error: Error) => error);
    expect(refusal).toMatchObject({ code: "InvalidAccessKeyId" });
    for (const secret of [...Object.values(environment), ...Object.values(CREDENTIALS)]) {
      expect(String(refusal)).not.toContain(secret);
    }
    expect(problemsOf(`e_set("a", ${file(', ak_key="topsecret"')})`).join()).toContain("ak_id and ak_key or none");
  });

  it("shows a change in the local cloud's COS to the next invocation, with keys of its own", async () => {
    const cloud = await deploy();
    const { secretId, secretKey } = cloud.cam.ownerKey;
    process.env.COS_ENDPOINT = cloud.endpoint;
    const object = { Bucket: BUCKET, Region: REGION, Key: "lists/names.txt.gz" };
    const rules = compileRules(
      `e_set("result", res_oss_file("https://cos.${REGION}.myqcloud.com", res_local("ID"), res_local("KEY"), "${BUCKET}",
        "lists/names.txt.gz", decompress="gzip", change_detect_interval=0.001))`,
      { parts, environment: { ID: secretId, KEY: secretKey } },
    );
    const values = [];
    for (const content of ["ann", "ann", "bob"]) {
      await sdk(cloud).putObject({ ...object, Body: gzipSync(content) });
      await rules.refresh();
      values.push(run(rules));
    }
    expect(values).toEqual(["ann", "ann", "bob"]);
  });

  it("reads a file of this machine, for rules on a laptop", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rules-"));
    writeFileSync(join(folder, "list.txt"), "local");
    const rules = compile(`res_oss_file("", bucket="file://${folder}", file="list.txt")`);
    await rules.refresh();
    expect(run(rules)).toBe("local");
    rmSync(folder, { recursive: true });
  });

  it("is checked with the text", () => {
    const problems = (expression: string) => problemsOf(`e_set("a", ${expression})`).join();
    expect(problems(file())).toBe("");
    expect(problems('res_oss_file("ap-guangzhou", bucket=v("b"), file="a")')).toContain("depends on no event");
    expect(problems('res_oss_file("http://oss-cn-hangzhou.aliyuncs.com", bucket="b", file="a")')).toContain(
      "https://cos.<region>.myqcloud.com or a region as endpoint",
    );
    expect(problems('res_oss_file("ap-guangzhou", bucket="b", file="/a")')).toContain('does not begin with "/"');
    expect(problems('res_oss_file("ap-guangzhou", bucket="b", file="a", format="json")')).toContain("text, binary");
    expect(problems('res_oss_file("ap-guangzhou", bucket="b", file="a", encoding="unicode")')).toContain(
      "encoding must be the name of an encoding",
    );
    expect(problems('res_oss_file("ap-guangzhou", bucket="b")')).toContain("file");
  });
});
