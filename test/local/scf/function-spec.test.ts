import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { DEFAULT_APP_ID, LOCAL_UIN } from "../../../local/account";
import { Cam } from "../../../local/cam/cam";
import { SimulatedClock } from "../../../local/clock";
import { CloudFunction } from "../../../local/scf/function";
import type { FunctionSpec } from "../../../local/scf/function-spec";

describe("a function's name and namespace", () => {
  let root: string;
  let kept: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "function-names-"));
    // Where a function of this name would unpack its code if names could lead out of the folder.
    kept = join(root, "outside/code-0/kept.txt");
    mkdirSync(join(root, "outside/code-0"), { recursive: true });
    writeFileSync(kept, "kept");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const make = (names: Partial<FunctionSpec>): CloudFunction => {
    const account = { appId: DEFAULT_APP_ID, uin: LOCAL_UIN };
    const clock = new SimulatedClock();
    const host = { account, cam: new Cam(account, true, clock), clock, node: process.execPath, endpoint: () => "" };
    const spec = { region: "ap-guangzhou", handler: "index.main_handler", runtime: "Nodejs18.15", memoryMb: 128 };
    const zip = zipSync({ "index.js": Buffer.from("") });
    const more = { name: "worker", namespace: "default", timeoutSeconds: 3, environment: {}, role: undefined, zip };
    return new CloudFunction({ ...spec, ...more, ...names }, { ...host, folder: join(root, "work/scf") });
  };

  it.each([
    { name: "../../../outside" },
    { name: "..", namespace: "default" },
    { name: "/etc" },
    { name: "a/b" },
    { namespace: "../../.." },
    { namespace: ".." },
    { namespace: "/" },
    { namespace: "a/../../../b" },
    { name: "outside", namespace: "../.." },
  ])("are refused where they could lead out of the local cloud's folder: %j", (names) => {
    expect(() => make(names)).toThrow(/^(name|namespace) must have .* got "/);
    expect(existsSync(kept)).toBe(true);
    expect(readdirSync(root)).toEqual(["outside"]);
    expect(readdirSync(join(root, "outside"))).toEqual(["code-0"]);
  });

  it("are folders where SCF takes them", () => {
    make({ name: "a_B-1:x", namespace: "team-1_a" });
    expect(existsSync(join(root, "work/scf/ap-guangzhou/team-1_a/a_B-1:x/code-0/index.js"))).toBe(true);
  });
});
