import { operation } from "./signature";

export const VALUE_EXTRACTION = {
  e_regex: operation('field, regex:regex, fields_info=None, mode:mode="fill-auto", pack_json=None'),
  e_json: operation(
    'field, expand=None, depth:0..2000?=100, prefix="", suffix="", fmt:json-format?="simple", sep=".", expand_array=True, fmt_array="{parent_rlist[0]}_{index}", include_node:regex=r"_*[a-zA-Z\\u0800-\\u9fa5][\\u0800-\\u9fa5\\w.-]*", exclude_node:regex="", include_path:regex="", exclude_path:regex="", jmes:jmes="", output="", jmes_ignore_none=True, mode:mode="fill-auto"',
  ),
  e_kv: operation(
    `field_or_list, sep="=", quote:separator='"', escape=False, prefix="", suffix="", mode:mode="fill-auto"`,
  ),
  e_kv_delimit: operation(
    'field_or_list, pair_sep:separator=r"\\s", kv_sep="=", prefix="", suffix="", mode:mode="fill-auto"',
  ),
  e_csv: operation(
    `field, fields, sep:delimiter=",", quote:delimiter='"', restrict=False, lstrip=True, mode:mode="fill-auto"`,
  ),
  e_tsv: operation(
    `field, fields, sep:delimiter="\\t", quote:delimiter='"', restrict=False, lstrip=True, mode:mode="fill-auto"`,
  ),
  e_psv: operation(
    `field, fields, sep:delimiter="|", quote:delimiter='"', restrict=False, lstrip=True, mode:mode="fill-auto"`,
  ),
  e_syslogrfc: operation('field, rfc:rfc, fields_info=None, mode:mode="overwrite"'),
  e_anchor: operation('field, anchor_rules, fields, restrict=False, mode:mode="overwrite"'),
};
