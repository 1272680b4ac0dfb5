import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Argument, Implementations, Run } from "../rules/run/implementation";
import { parseAddress } from "../rules/functions/ip/address";
import { cutAt } from "../rules/run/length";
import { type Dict, fail, isBytes, isList, typeName, type Value } from "../rules/run/values";
import { openDatabase } from "./geo/database";
import type { GeoDatabase } from "./geo/location";

/** The reference's built-in database, which is not available elsewhere: here it is the file in this variable. */
const BUILT_IN = "SLS-GeoIP";
const VARIABLE = "GEOIP_DATABASE";

/** A field of the result, and its name there. */
type Field = readonly [field: string, name: string];

const DEFAULT_FIELDS: readonly Field[] = ["city", "province", "country"].map((field) => [field, field]);

/** Locates addresses with a database that the user supplies. */
export const implementations: Implementations = {
  geo_parse: {
    thunk: (call) => {
      const ip = call.argument("ip");
      const database = call.derive(call.argument("ip_db"), lazyDatabase);
      const fields = call.derive(call.argument("keep_fields"), readFields);
      const separator = separatorOf(call.argument("ip_sep"));
      return (event, run) => {
        const text = ip.evaluate(event, run);
        if (typeof text !== "string") return null;
        const opened = database(event, run)(run);
        const kept = fields(event, run);
        const between = separator(event, run);
        if (between === "") return locate(opened, text, kept);
        const addresses = cutAt(text, between).map((part) => part.trim());
        return new Map<Value, Value>(addresses.map((address) => [address, locate(opened, address, kept)]));
      };
    },
  },
};

function separatorOf(argument: Argument): (...event: Parameters<Argument["evaluate"]>) => string {
  return (event, run) => {
    const separator = argument.evaluate(event, run) ?? "";
    return typeof separator === "string"
      ? separator
      : fail(`geo_parse: ip_sep must be text, got ${typeName(separator)}`);
  };
}

/** Opened when the first event needs it: at synth, when rules are checked, the file need not exist. */
function lazyDatabase(source: Value): (run: Run) => GeoDatabase {
  let database: GeoDatabase | undefined;
  return (run) => (database ??= openDatabase(readSource(source, run)));
}

function readSource(source: Value, run: Run): Uint8Array {
  if (isBytes(source)) return source;
  if (typeof source !== "string")
    return fail(`geo_parse: ip_db must be a file's content or path, got ${typeName(source)}`);
  const path = source === BUILT_IN ? run.environment[VARIABLE] : source;
  if (path === undefined || path === "") {
    return fail(
      `geo_parse: ip_db must be given, since ${BUILT_IN} is the other service's own; give res_oss_file(..., format="binary"), or the path of a file in the zip as ${VARIABLE} in the function's environment`,
    );
  }
  // The function's folder is not always the working directory.
  const found = [resolve(path), resolve(__dirname, path)].find((candidate) => existsSync(candidate));
  return found === undefined
    ? fail(`geo_parse: ip_db must name a file, got ${JSON.stringify(path.slice(0, 100))}`)
    : readFileSync(found);
}

function locate(database: GeoDatabase, text: string, fields: readonly Field[]): Dict | null {
  const address = parseAddress(text.trim());
  const found = address && database.find(address);
  if (!found) return null;
  return new Map(
    fields.flatMap(([field, name]) => {
      const value = found(field);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** `("city", "country")`, `(("city", "town"), ...)`, or a single name. */
function readFields(value: Value): readonly Field[] {
  if (value === null) return DEFAULT_FIELDS;
  if (typeof value === "string") return [[value, value]];
  const fields = isList(value) ? value.map(readField) : [];
  if (fields.length === 0 || fields.includes(undefined)) {
    return fail(`geo_parse: keep_fields must be names, or pairs of a name and another for it, got ${typeName(value)}`);
  }
  return fields as Field[];
}

function readField(value: Value): Field | undefined {
  if (typeof value === "string") return [value, value];
  if (!isList(value) || value.length !== 2) return undefined;
  const [field, name] = value;
  return typeof field === "string" && typeof name === "string" ? [field, name] : undefined;
}
