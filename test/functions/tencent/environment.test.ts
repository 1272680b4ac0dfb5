import { readCredentials } from "../../../functions/tencent/credentials";
import { clsEndpoint, cosEndpoint } from "../../../functions/tencent/endpoint";

describe("the credentials of a function", () => {
  const keys = { TENCENTCLOUD_SECRETID: "id", TENCENTCLOUD_SECRETKEY: "key" };

  it("are its role's, read when they are needed", () => {
    const environment = { ...keys, TENCENTCLOUD_SESSIONTOKEN: "first" };
    expect(readCredentials(environment)).toEqual({ secretId: "id", secretKey: "key", sessionToken: "first" });
    environment.TENCENTCLOUD_SESSIONTOKEN = "second";
    expect(readCredentials(environment).sessionToken).toBe("second");
  });

  it("may be permanent ones, without a session token", () => {
    expect(readCredentials({ ...keys, TENCENTCLOUD_SESSIONTOKEN: "" }).sessionToken).toBeUndefined();
  });

  it.each(Object.keys(keys))("are an error that names %s where it is missing", (name) => {
    expect(() => readCredentials({ ...keys, [name]: "" })).toThrow(
      `${name} must be set, got nothing; give the function a role`,
    );
  });
});

describe("the endpoint of a bucket", () => {
  const host = "logs-1250000000.cos.ap-guangzhou.myqcloud.com";
  const endpoint = (COS_ENDPOINT?: string) =>
    cosEndpoint({ bucket: "logs-1250000000", region: "ap-guangzhou" }, { COS_ENDPOINT });

  it("is its own host over TLS in the cloud", () => {
    expect(endpoint()).toEqual({ protocol: "https:", hostname: host, port: 443, host });
  });

  it.each([
    ["http://127.0.0.1:9000", { protocol: "http:", hostname: "127.0.0.1", port: 9000 }],
    ["HTTP://localhost/", { protocol: "http:", hostname: "localhost", port: 80 }],
    ["https://cos.internal", { protocol: "https:", hostname: "cos.internal", port: 443 }],
    ["http://[::1]:9000", { protocol: "http:", hostname: "::1", port: 9000 }],
  ])("is redirected by COS_ENDPOINT=%s, and keeps its host", (redirected, expected) => {
    expect(endpoint(redirected)).toEqual({ ...expected, host });
  });

  it.each(["127.0.0.1:9000", "http://host:9000/path", "ftp://host", "http://"])(
    "is refused where COS_ENDPOINT is %s",
    (redirected) => {
      expect(() => endpoint(redirected)).toThrow(
        `COS_ENDPOINT must be http://host:port or https://host:port, got "${redirected}"`,
      );
    },
  );
});

describe("the intranet host", () => {
  const host = "logs-1250000000.cos-internal.ap-guangzhou.tencentcos.cn";

  it("of a bucket and of CLS is another than the public one", () => {
    const bucket = { bucket: "logs-1250000000", region: "ap-guangzhou", network: "intranet" } as const;
    expect(cosEndpoint(bucket, {})).toEqual({ protocol: "https:", hostname: host, port: 443, host });
    const cls = clsEndpoint({ region: "ap-guangzhou", network: "intranet" }, {});
    expect(cls).toMatchObject({ host: "ap-guangzhou.cls.tencentyun.com" });
    expect(clsEndpoint({ region: "ap-guangzhou" }, {})).toMatchObject({ host: "ap-guangzhou.cls.tencentcs.com" });
  });

  it("is what is signed and sent, wherever the request goes", () => {
    const bucket = { bucket: "logs-1250000000", region: "ap-guangzhou", network: "intranet" } as const;
    expect(cosEndpoint(bucket, { COS_ENDPOINT: "http://127.0.0.1:9000" })).toMatchObject({
      hostname: "127.0.0.1",
      host,
    });
  });
});
