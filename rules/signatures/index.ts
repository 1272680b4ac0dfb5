import { ARITHMETIC } from "./arithmetic";
import { EVENT_CHECKS } from "./checks";
import { CONVERSION } from "./conversion";
import { DATE_TIME } from "./dates";
import { ENCODING_HASHING_COMPRESSION } from "./encoding";
import { EVENT_OPERATIONS } from "./events";
import { VALUE_EXTRACTION } from "./extraction";
import { FIELD_OPERATIONS, ASSIGNMENT } from "./fields";
import { FLOW_CONTROL } from "./flow";
import { IP } from "./ip";
import { LIST, DICTIONARY } from "./lists";
import { MAPPING_ENRICHMENT, VALUE_ADDED } from "./mapping";
import { OPERATORS } from "./operators";
import { PARSING } from "./parsing";
import { REGEX, GROK } from "./regex";
import { RESOURCE } from "./resources";
import { STRING } from "./strings";
import { STRUCTURED_DATA } from "./structured";
import { TABLE } from "./tables";
import type { Signatures } from "./signature";

/** The groups of the reference, in its order. */
export const GROUPS = {
  "Flow control": FLOW_CONTROL,
  "Event operations": EVENT_OPERATIONS,
  "Field operations": FIELD_OPERATIONS,
  Assignment: ASSIGNMENT,
  "Value extraction": VALUE_EXTRACTION,
  "Mapping / enrichment": MAPPING_ENRICHMENT,
  "Value-added": VALUE_ADDED,
  "Event checks": EVENT_CHECKS,
  Operators: OPERATORS,
  Conversion: CONVERSION,
  Arithmetic: ARITHMETIC,
  String: STRING,
  "Date/time": DATE_TIME,
  Regex: REGEX,
  GROK: GROK,
  "Structured data": STRUCTURED_DATA,
  IP: IP,
  "Encoding / hashing / compression": ENCODING_HASHING_COMPRESSION,
  Parsing: PARSING,
  List: LIST,
  Dictionary: DICTIONARY,
  Table: TABLE,
  Resource: RESOURCE,
} as const satisfies Record<string, Signatures>;

/** All 232 functions of the language. */
export const SIGNATURES = {
  ...FLOW_CONTROL,
  ...EVENT_OPERATIONS,
  ...FIELD_OPERATIONS,
  ...ASSIGNMENT,
  ...VALUE_EXTRACTION,
  ...MAPPING_ENRICHMENT,
  ...VALUE_ADDED,
  ...EVENT_CHECKS,
  ...OPERATORS,
  ...CONVERSION,
  ...ARITHMETIC,
  ...STRING,
  ...DATE_TIME,
  ...REGEX,
  ...GROK,
  ...STRUCTURED_DATA,
  ...IP,
  ...ENCODING_HASHING_COMPRESSION,
  ...PARSING,
  ...LIST,
  ...DICTIONARY,
  ...TABLE,
  ...RESOURCE,
};

/** The name of a function. */
export type FunctionName = keyof typeof SIGNATURES;
