import { group } from "../define";
import { anchored } from "./e-anchor";
import { separatedValues } from "./e-csv";
import { json } from "./e-json";
import { keyValues } from "./e-kv";
import { delimitedKeyValues } from "./e-kv-delimit";
import { regexFields } from "./e-regex";
import { syslogRfc } from "./e-syslogrfc";

export const VALUE_EXTRACTION = group("Value extraction", {
  e_regex: {
    parameters: 'field, regex:regex, fields_info=None, mode:mode="fill-auto", pack_json=None',
    doc:
      "searches the text of a field, or of a list of fields, and creates fields from the first match. Named " +
      "groups become fields. `fields_info` names more: a name receives the first match; a list receives the " +
      "groups of the first match, or consecutive matches if the pattern has no groups; a dict of templates " +
      'such as `{r"k_\\1": r"\\2"}` creates a field for every match. With `pack_json`, all of them go into one ' +
      "field, as a JSON object. If the field is absent or does not match, the event stays unchanged.",
    noneIsDefault: true,
    step: regexFields,
  },

  e_anchor: {
    parameters: 'field, anchor_rules, fields, restrict:bool?=False, mode:mode="overwrite"',
    doc:
      "assigns names to the texts at the asterisks between the literal parts of `anchor_rules`; an asterisk at " +
      "the end matches the rest. `fields` is a list, or a text with commas; `*` in it skips a value. If the " +
      "counts differ, as many as both have are assigned, or none with `restrict`. If the text does not match, " +
      "the event stays unchanged.",
    noneIsDefault: true,
    step: anchored,
  },

  e_json: {
    parameters:
      'field, expand:bool?=None, depth:0..2000?=100, prefix="", suffix="", fmt:json-format?="simple", sep=".", expand_array:bool?=True, fmt_array="{parent_rlist[0]}_{index}", include_node:regex=r"_*[a-zA-Z\\u0800-\\u9fa5][\\u0800-\\u9fa5\\w.-]*", exclude_node:regex="", include_path:regex="", exclude_path:regex="", jmes:jmes="", output="", jmes_ignore_none:bool?=True, mode:mode="fill-auto"',
    doc:
      "creates fields from the leaves of a JSON text, or of the result of JMESPath on it. `fmt` names the " +
      "fields: `simple` by the key alone, `full` by the path, `parent` and `root` by the nearest and the " +
      "outermost parent, otherwise by the given format. If the text is not JSON, the event stays unchanged.",
    noneIsDefault: true,
    step: json,
  },

  e_kv: {
    parameters: `field_or_list, sep="=", quote:separator='"', escape:bool?=False, prefix="", suffix="", mode:mode="fill-auto"`,
    doc:
      'creates a field for each `key=value` and `key="value"` anywhere in the text. Values without quotes are ' +
      'words of letters, digits, CJK and `_-.%~`; with `escape`, quoted ones can contain `\\"`.',
    noneIsDefault: true,
    step: keyValues,
  },

  e_kv_delimit: {
    parameters: 'field_or_list, pair_sep:separator=r"\\s", kv_sep="=", prefix="", suffix="", mode:mode="fill-auto"',
    doc:
      "splits the text at the characters of `pair_sep`, which form a character class, and each piece at the " +
      "first `kv_sep`, a pattern. Pieces without a key or a value are left out.",
    noneIsDefault: true,
    step: delimitedKeyValues,
  },

  e_csv: {
    parameters: `field, fields, sep:delimiter=",", quote:delimiter='"', restrict:bool?=False, lstrip:bool?=True, mode:mode="fill-auto"`,
    doc:
      "assigns names to the values of the text's first line, a CSV row. If the counts differ, as many as both " +
      "have are assigned, or none with `restrict`. Fails if the separator or the quote is not one character.",
    noneIsDefault: true,
    step: separatedValues,
  },

  e_tsv: {
    parameters: `field, fields, sep:delimiter="\\t", quote:delimiter='"', restrict:bool?=False, lstrip:bool?=True, mode:mode="fill-auto"`,
    doc: "like `e_csv`, for tabs.",
    noneIsDefault: true,
    step: separatedValues,
  },

  e_psv: {
    parameters: `field, fields, sep:delimiter="|", quote:delimiter='"', restrict:bool?=False, lstrip:bool?=True, mode:mode="fill-auto"`,
    doc: "like `e_csv`, for `|`.",
    noneIsDefault: true,
    step: separatedValues,
  },

  e_syslogrfc: {
    parameters: 'field, rfc:rfc, fields_info=None, mode:mode="overwrite"',
    doc:
      "parses a syslog priority and sets `_facility_`, `_severity_` and their labels; `fields_info` sets four " +
      "other names. Fails if `rfc` is neither SYSLOGRFC3164 nor SYSLOGRFC5424.",
    noneIsDefault: true,
    step: syslogRfc,
  },
});
