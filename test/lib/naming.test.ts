import { Construct } from "../../lib/framework";
import { keyPrefix, pathHash, physicalName, slug } from "../../lib/naming";
import { testStack } from "./support/stack";

/** A construct at a path below the stack `logs`. */
const at = (...ids: string[]) => ids.reduce<Construct>((scope, id) => new Construct(scope, id), testStack());

describe("physicalName", () => {
  it("is a slug of the path and six hex digits of it", () => {
    expect(physicalName(at("AccessLog", "Topic_2"), { maxLength: 60 })).toMatch(
      /^logs-access-log-topic-2-[0-9a-f]{6}$/,
    );
    expect(physicalName(at("AccessLog"), { maxLength: 60, separator: "_" })).toMatch(/^logs_access_log_[0-9a-f]{6}$/);
  });

  it("is the same for the same path, and another for each other one", () => {
    const names = [at("A"), at("A"), at("a"), at("A", "B"), at("A-B")].map((scope) =>
      physicalName(scope, { maxLength: 60 }),
    );
    expect(names[1]).toBe(names[0]);
    expect(new Set(names).size).toBe(4);
  });

  it.each([12, 20, 49, 60])("is cut to %i characters, with the hash whole and no separator doubled", (maxLength) => {
    for (const length of [1, 5, 20, 80]) {
      const scope = at("x".repeat(length), "y".repeat(length));
      const name = physicalName(scope, { maxLength });
      expect(name.length).toBeLessThanOrEqual(maxLength);
      expect(name).toMatch(new RegExp(`^[a-z][a-z0-9-]*[a-z0-9]-${pathHash(scope)}$`));
      expect(name).not.toContain("--");
    }
  });

  it("begins with a letter whatever the path", () => {
    const digits = new Construct(undefined as unknown as Construct, "1st");
    const others = new Construct(undefined as unknown as Construct, "日志");
    expect(physicalName(digits, { maxLength: 20 })).toMatch(/^l1st-[0-9a-f]{6}$/);
    expect(physicalName(others, { maxLength: 20 })).toMatch(/^l-[0-9a-f]{6}$/);
  });
});

describe("keyPrefix", () => {
  it("is a folder below its kind, within what CLS takes however deep the construct stands", () => {
    expect(keyPrefix("cls", at("AccessLog"))).toBe("cls/logs-access-log/");
    expect(keyPrefix("cls", at("x".repeat(400))).length).toBeLessThanOrEqual(256);
  });

  it("holds a hash of the path where an id leaves nothing in a slug, and only there", () => {
    const prefixes = [["访问日志"], ["错误日志"], ["--"], ["Access", "访问日志"], ["访问日志", "Function"]].map(
      (ids) => {
        const scope = at(...ids);
        const prefix = keyPrefix("cls", scope);
        expect(prefix).toMatch(new RegExp(`^cls/[a-z-]+-${pathHash(scope)}/$`));
        return prefix;
      },
    );
    expect(new Set(prefixes).size).toBe(prefixes.length);
    expect(keyPrefix("cls", at("Access日志"))).toBe("cls/logs-access/");
    const stack = new Construct(undefined as unknown as Construct, "日志");
    expect(keyPrefix("cls", stack)).toBe(`cls/${pathHash(stack)}/`);
  });
});

describe("slug", () => {
  it.each([
    ["logs/AccessLog", "logs-access-log"],
    ["HTTPLog2Cos", "httplog2-cos"],
    ["--a__b  c/", "a-b-c"],
    ["日志", ""],
  ])("of %j is %j", (path, expected) => {
    expect(slug(path)).toBe(expected);
  });
});
