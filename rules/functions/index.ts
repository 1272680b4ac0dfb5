import { ARITHMETIC } from "./arithmetic";
import { CONVERSION } from "./conversion";
import { DATE_TIME } from "./date-time";
import type { Definition } from "./define";
import { ENCODING } from "./encoding";
import { EVENT_CHECKS } from "./event-checks";
import { EVENT_OPERATIONS } from "./event-operations";
import { ASSIGNMENT, FIELD_OPERATIONS } from "./field-operations";
import { FLOW_CONTROL } from "./flow-control";
import { IP } from "./ip";
import { DICTIONARY } from "./dictionary";
import { LIST } from "./list";
import { MAPPING, VALUE_ADDED } from "./mapping";
import { OPERATORS } from "./operators";
import { PARSING } from "./parsing";
import { GROK, REGEX } from "./regex";
import { RESOURCE } from "./resource";
import { STRING } from "./string";
import { STRUCTURED_DATA } from "./structured-data";
import { TABLE } from "./table";
import { VALUE_EXTRACTION } from "./value-extraction";

/** The groups of the reference, in its order. */
export const GROUPS = [
  FLOW_CONTROL,
  EVENT_OPERATIONS,
  FIELD_OPERATIONS,
  ASSIGNMENT,
  VALUE_EXTRACTION,
  MAPPING,
  VALUE_ADDED,
  EVENT_CHECKS,
  OPERATORS,
  CONVERSION,
  ARITHMETIC,
  STRING,
  DATE_TIME,
  REGEX,
  GROK,
  STRUCTURED_DATA,
  IP,
  ENCODING,
  PARSING,
  LIST,
  DICTIONARY,
  TABLE,
  RESOURCE,
] as const;

type InGroup<Group> = Group extends { readonly functions: infer Functions } ? Functions : never;

/** Names of the functions that are operations. */
type OperationIn<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends { readonly step: unknown } | { readonly kind: "operation" }
    ? Name
    : never;
}[keyof Functions];

/** `keyof` of each of the groups, not of their common keys. */
type NameIn<Functions> = Functions extends unknown ? keyof Functions : never;
type EachOperation<Functions> = Functions extends unknown ? OperationIn<Functions> : never;

/** The name of a function. */
export type FunctionName = NameIn<InGroup<(typeof GROUPS)[number]>>;

/** The name of a function that processes events. */
export type OperationName = EachOperation<InGroup<(typeof GROUPS)[number]>>;

/** All functions of the language by their names. */
export const FUNCTIONS: ReadonlyMap<string, Definition> = new Map(
  GROUPS.flatMap(({ functions }) => Object.entries<Definition>(functions)),
);
