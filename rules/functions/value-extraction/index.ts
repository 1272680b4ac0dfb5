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
      "searches the text of a field, or of a list of fields. Named groups of the first match become fields. " +
      "`fields_info` names more: a name takes the first match; a list takes the groups of the first match, or " +
      "the matches one after the other where the pattern has no groups; a dict of templates such as " +
      '`{r"k_\\1": r"\\2"}` makes a field of every match. With `pack_json` all of it goes into one field, as a ' +
      "JSON object. A field that is absent or does not match leaves the event as it is.",
    noneIsDefault: true,
    step: regexFields,
  },

  e_anchor: {
    parameters: 'field, anchor_rules, fields, restrict:bool?=False, mode:mode="overwrite"',
    doc:
      "names the texts that stand for the asterisks between the literal parts of `anchor_rules`; one at the " +
      "end takes the rest. `fields` is a list, or a text with commas; `*` among them lets a value go. Where " +
      "the counts differ, as many as there are of both are taken, or none with `restrict`. What does not fit " +
      "leaves the event as it is.",
    noneIsDefault: true,
    step: anchored,
  },

  e_json: {
    parameters:
      'field, expand:bool?=None, depth:0..2000?=100, prefix="", suffix="", fmt:json-format?="simple", sep=".", expand_array:bool?=True, fmt_array="{parent_rlist[0]}_{index}", include_node:regex=r"_*[a-zA-Z\\u0800-\\u9fa5][\\u0800-\\u9fa5\\w.-]*", exclude_node:regex="", include_path:regex="", exclude_path:regex="", jmes:jmes="", output="", jmes_ignore_none:bool?=True, mode:mode="fill-auto"',
    doc:
      "makes fields of the leaves of a JSON text, or of what JMESPath selects in it. `fmt` names the fields: " +
      "`simple` by the key alone, `full` by the path, `parent` and `root` by the nearest and the outermost " +
      "parent, else by the format given. What is no JSON leaves the event as it is.",
    noneIsDefault: true,
    step: json,
  },

  e_kv: {
    parameters: `field_or_list, sep="=", quote:separator='"', escape:bool?=False, prefix="", suffix="", mode:mode="fill-auto"`,
    doc:
      'makes a field of each `key=value` and `key="value"` anywhere in the text. Values without quotes are ' +
      'words of letters, digits, CJK and `_-.%~`; with `escape` quoted ones may hold `\\"`.',
    noneIsDefault: true,
    step: keyValues,
  },

  e_kv_delimit: {
    parameters: 'field_or_list, pair_sep:separator=r"\\s", kv_sep="=", prefix="", suffix="", mode:mode="fill-auto"',
    doc:
      "splits the text at the characters of `pair_sep`, which are put into a character class, and each piece " +
      "at the first `kv_sep`, a pattern. Pieces without key or value are left out.",
    noneIsDefault: true,
    step: delimitedKeyValues,
  },

  e_csv: {
    parameters: `field, fields, sep:delimiter=",", quote:delimiter='"', restrict:bool?=False, lstrip:bool?=True, mode:mode="fill-auto"`,
    doc:
      "names the values of the text's first line, a row of CSV. Where the counts differ, as many as there are " +
      "of both are taken, or none with `restrict`. Fails where the separator or the quote is not one " +
      "character.",
    noneIsDefault: true,
    step: separatedValues,
  },

  e_tsv: {
    parameters: `field, fields, sep:delimiter="\\t", quote:delimiter='"', restrict:bool?=False, lstrip:bool?=True, mode:mode="fill-auto"`,
    doc: "as e_csv, for tabs.",
    noneIsDefault: true,
    step: separatedValues,
  },

  e_psv: {
    parameters: `field, fields, sep:delimiter="|", quote:delimiter='"', restrict:bool?=False, lstrip:bool?=True, mode:mode="fill-auto"`,
    doc: "as e_csv, for bars.",
    noneIsDefault: true,
    step: separatedValues,
  },

  e_syslogrfc: {
    parameters: 'field, rfc:rfc, fields_info=None, mode:mode="overwrite"',
    doc:
      "reads a syslog priority and sets `_facility_`, `_severity_` and their labels; `fields_info` gives the " +
      "four other names. Fails where `rfc` is neither SYSLOGRFC3164 nor SYSLOGRFC5424.",
    noneIsDefault: true,
    step: syslogRfc,
  },
});
