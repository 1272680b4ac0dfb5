import type { Implementations } from "../run/implementation";
import { anchored } from "./extraction/e-anchor";
import { separatedValues } from "./extraction/e-csv";
import { json } from "./extraction/e-json";
import { keyValues } from "./extraction/e-kv";
import { delimitedKeyValues } from "./extraction/e-kv-delimit";
import { regexFields } from "./extraction/e-regex";
import { syslogRfc } from "./extraction/e-syslogrfc";

export const EXTRACTION: Implementations = {
  /**
   * `e_regex(field, regex, fields_info=None, mode="fill-auto", pack_json=None)`: searches the text of a field, or of a list
   * of fields. Named groups of the first match become fields. `fields_info` names more: a name takes the first match; a
   * list takes the groups of the first match, or the matches one after the other where the pattern has no groups; a dict
   * of templates such as `{r"k_\1": r"\2"}` makes a field of every match. With `pack_json` all of it goes into one field,
   * as a JSON object. A field that is absent or does not match leaves the event as it is.
   */
  e_regex: regexFields,
  /**
   * `e_anchor(field, anchor_rules, fields, restrict=False, mode="overwrite")`: names the texts that stand for the asterisks
   * between the literal parts of `anchor_rules`; one at the end takes the rest. `fields` is a list, or a text with commas;
   * `*` among them lets a value go. Where the counts differ, as many as there are of both are taken, or none with
   * `restrict`. What does not fit leaves the event as it is.
   */
  e_anchor: anchored,
  /**
   * `e_json(field, expand=None, depth=100, prefix="", suffix="", fmt="simple", sep=".", expand_array=True,
   * fmt_array="{parent_rlist[0]}_{index}", include_node=r"_*[a-zA-Z\u0800-\u9fa5][\u0800-\u9fa5\w.-]*", exclude_node="", include_path="", exclude_path="",
   * jmes="", output="", jmes_ignore_none=True, mode="fill-auto")`: makes fields of the leaves of a JSON text, or of what
   * JMESPath selects in it. `fmt` names the fields: `simple` by the key alone, `full` by the path, `parent` and `root` by
   * the nearest and the outermost parent, else by the format given. What is no JSON leaves the event as it is.
   */
  e_json: json,
  /**
   * `e_kv(field_or_list, sep="=", quote='"', escape=False, prefix="", suffix="", mode="fill-auto")`: makes a field of
   * each `key=value` and `key="value"` anywhere in the text. Values without quotes are words of letters, digits, CJK and
   * `_-.%~`; with `escape` quoted ones may hold `\"`.
   */
  e_kv: keyValues,
  /**
   * `e_kv_delimit(field_or_list, pair_sep=r"\s", kv_sep="=", prefix="", suffix="", mode="fill-auto")`: splits the text at
   * the characters of `pair_sep`, which are put into a character class, and each piece at the last `kv_sep`, a pattern.
   * Pieces without key or value are left out.
   */
  e_kv_delimit: delimitedKeyValues,
  /**
   * `e_csv(field, fields, sep=",", quote='"', restrict=False, lstrip=True, mode="fill-auto")`: names the values of the
   * text's first line, a row of CSV. Where the counts differ, as many as there are of both are taken, or none with
   * `restrict`. Fails where the separator or the quote is not one character.
   */
  e_csv: separatedValues("e_csv", ","),
  /** `e_tsv(field, fields, sep="\t", quote='"', restrict=False, lstrip=True, mode="fill-auto")`: as e_csv, for tabs. */
  e_tsv: separatedValues("e_tsv", "\t"),
  /** `e_psv(field, fields, sep="|", quote='"', restrict=False, lstrip=True, mode="fill-auto")`: as e_csv, for bars. */
  e_psv: separatedValues("e_psv", "|"),
  /**
   * `e_syslogrfc(field, rfc, fields_info=None, mode="overwrite")`: reads a syslog priority and sets `_facility_`,
   * `_severity_` and their labels; `fields_info` gives the four other names. Fails where `rfc` is neither SYSLOGRFC3164
   * nor SYSLOGRFC5424.
   */
  e_syslogrfc: syslogRfc,
};
