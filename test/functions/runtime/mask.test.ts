import fc from "fast-check";
import { oneLine } from "../../../functions/runtime/log";
import { maskSecrets } from "../../../functions/runtime/mask";
import { publicMessage, ServiceError } from "../../../functions/tencent/service-error";

const KEYS = {
  TENCENTCLOUD_SECRETID: "AKIDroleid0001",
  TENCENTCLOUD_SECRETKEY: "rolekey0002",
  TENCENTCLOUD_SESSIONTOKEN: "token+/0003==",
};
const HOOK = "https://user:p%40ss0004@hooks.example.com/services/T0005678/path0006?key=query0007#part0008";
const ENVIRONMENT = { ...KEYS, LOGS_SECRET_HOOK: HOOK, LOGS_SECRET_KEY: "sign ing\\key0009\n", HOME: "/home/somebody" };

describe("a text that quotes a secret", () => {
  it.each([
    ["a key of the role", KEYS.TENCENTCLOUD_SECRETKEY],
    ["the id of the key", KEYS.TENCENTCLOUD_SECRETID],
    ["a session token", KEYS.TENCENTCLOUD_SESSIONTOKEN],
    ["a session token, encoded", encodeURIComponent(KEYS.TENCENTCLOUD_SESSIONTOKEN)],
    ["a key of the user's", "sign ing\\key0009"],
    ["a key of the user's as JSON", JSON.stringify("sign ing\\key0009")],
    ["a key in base64", Buffer.from(KEYS.TENCENTCLOUD_SECRETKEY).toString("base64")],
    ["a key in hex", Buffer.from(KEYS.TENCENTCLOUD_SECRETKEY).toString("hex")],
    ["an address", HOOK],
    ["the path of an address", "/services/T0005678/path0006"],
    ["a segment of a path", "path0006"],
    ["a value of a query", "query0007"],
    ["a password, encoded", "p%40ss0004"],
    ["a password", "p@ss0004"],
    ["a login", Buffer.from("user:p@ss0004").toString("base64")],
    ["a key behind a name, in base64", Buffer.from("u:rolekey0002").toString("base64")],
    ["a key behind a longer name, in base64", Buffer.from("us:rolekey0002").toString("base64")],
    ["a key in the middle, in base64", Buffer.from("user:rolekey0002:more").toString("base64")],
  ])("loses it: %s", (_, secret) => {
    const masked = maskSecrets(`told: ${secret}; no more`, ENVIRONMENT);
    expect(masked).toContain("***");
    expect(masked).not.toMatch(/\d{4}/);
    expect(masked).toMatch(/^told: .*; no more$/);
  });

  it("keeps all else", () => {
    expect(maskSecrets("GET /home/somebody of user at example.com failed", ENVIRONMENT)).toBe(
      "GET /home/somebody of user at example.com failed",
    );
  });

  it("loses it wherever it stands", () => {
    const secrets = Object.values(KEYS);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...secrets))), (pieces) => {
        const masked = maskSecrets(pieces.join(""), KEYS);
        for (const secret of secrets) expect(masked).not.toContain(secret);
      }),
    );
  });
});

describe("what is logged and kept", () => {
  const before = { ...process.env };
  beforeEach(() => Object.assign(process.env, KEYS));
  afterEach(() => (process.env = { ...before }));

  it("quotes no secret", () => {
    expect(oneLine("bad rolekey0002")).toBe("bad ***");
    expect(new ServiceError("AccessDenied", "", 403, "id-token+/0003==").requestId).toBe("id-***");
    expect(publicMessage("the token token+/0003== of AKIDother0010 is old")).toBe("the token *** of AKID*** is old");
  });

  it("takes time in proportion to the text", () => {
    const texts = (length: number) =>
      ["q-a", "AKID", "q-", "Signature ", "Credential=", "token+/000"].map((piece) =>
        piece.repeat(length / piece.length),
      );
    const time = (length: number) => {
      const startedAt = performance.now();
      for (const text of texts(length)) publicMessage(text);
      return performance.now() - startedAt;
    };
    time(64 * 1024);
    const [small, large] = [Math.min(time(64 * 1024), time(64 * 1024)), time(1024 * 1024)];
    // Sixteen times the text; a hundred times its time would already be far from linear.
    expect(large).toBeLessThan(100 * Math.max(small, 2));
  });
});
