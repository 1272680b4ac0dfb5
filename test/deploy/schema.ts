import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

interface ProviderSchemas {
  readonly provider_schemas: Readonly<Record<string, Schemas>>;
}

interface Schemas {
  readonly provider?: unknown;
  readonly resource_schemas?: Readonly<Record<string, unknown>>;
  readonly data_source_schemas?: Readonly<Record<string, unknown>>;
}

/** Flags and texts that the bindings do not depend on. */
const IGNORED = new Set(["description", "description_kind", "deprecated", "deprecation_message", "version"]);

/**
 * Throws, with every difference, unless the provider that is installed has the resources, the data sources and the
 * arguments that `provider/schema.json` says.
 */
export function expectSchema(root: string, installed: unknown): void {
  const ours = JSON.parse(readFileSync(join(root, "provider/schema.json"), "utf8")) as ProviderSchemas;
  const differences = compareSchemas(only(ours), only(installed as ProviderSchemas));
  if (differences.length === 0) return;
  throw new Error(
    `provider/schema.json must be the provider's, got ${differences.length} differences:\n${differences.join("\n")}`,
  );
}

/** What our part of the schema and the installed provider's disagree on. */
export function compareSchemas(ours: Schemas, installed: Schemas): string[] {
  return [
    ...differencesOf("provider", ours.provider, installed.provider),
    ...(["resource_schemas", "data_source_schemas"] as const).flatMap((kind) =>
      Object.entries(ours[kind] ?? {}).flatMap(([type, schema]) =>
        differencesOf(type, schema, installed[kind]?.[type]),
      ),
    ),
  ];
}

function only({ provider_schemas: schemas }: ProviderSchemas): Schemas {
  const entry = Object.entries(schemas).find(([name]) => name.endsWith("/tencentcloudstack/tencentcloud"));
  if (!entry)
    throw new Error(`the schema must hold tencentcloudstack/tencentcloud, got ${Object.keys(schemas).join(", ")}`);
  return entry[1];
}

function differencesOf(path: string, ours: unknown, installed: unknown): string[] {
  if (!isObject(ours) || !isObject(installed)) {
    return isDeepStrictEqual(ours, installed) ? [] : [`${path}: ${show(ours)} here, ${show(installed)} installed`];
  }
  const names = new Set([...Object.keys(ours), ...Object.keys(installed)].filter((name) => !IGNORED.has(name)));
  return [...names].flatMap((name) => differencesOf(`${path}.${name}`, ours[name], installed[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
