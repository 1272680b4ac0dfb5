import { group } from "../define";
import { dictMap } from "./e-dict-map";
import { searchDictMap } from "./e-search-dict-map";
import { searchTableMap } from "./e-search-table-map";
import { tableMap } from "./e-table-map";

export const MAPPING = group("Mapping / enrichment", {
  e_dict_map: {
    parameters: 'data, field, output_field, case_insensitive:bool?=True, missing=None, mode:mode="overwrite"',
    doc:
      "looks up the value of a field in a dict, or in a JSON text of one, and writes the result; `*` is the " +
      "dict's default. Of several fields, each one that exists is looked up in turn. `missing` is written if " +
      "nothing was found.",
    noneIsDefault: true,
    step: dictMap,
  },

  e_table_map: {
    parameters: 'data, field, output_fields, missing=None, mode:mode="fill-auto"',
    doc:
      "finds the first row of a table whose cells are equal to fields of the event (`*` is equal to " +
      "everything), and writes other cells of it; if there is no row, it writes `missing`, one value or one " +
      "for each field. Fields and columns with different names are given as pairs. An event without one of the " +
      "fields stays unchanged. Fails if a column is missing.",
    noneIsDefault: true,
    step: tableMap,
  },

  e_search_dict_map: {
    parameters: 'data, output_field, multi_match:bool?=False, multi_join=" ", missing=None, mode:mode="overwrite"',
    doc:
      "writes the value of the first key that matches the event, where keys are queries as in `e_search`; with " +
      "`multi_match`, all matching values are joined; if none matches, the value of `*`, or else `missing`, is " +
      "written.",
    noneIsDefault: true,
    step: searchDictMap,
  },

  e_search_table_map: {
    parameters:
      'data, inpt, output_fields, multi_match:bool?=False, multi_join=" ", missing=None, mode:mode="fill-auto"',
    doc:
      "like `e_search_dict_map`, with a table whose column `inpt` contains the queries. Fails if a column is " +
      "missing.",
    noneIsDefault: true,
    step: searchTableMap,
  },

  e_tablestore_map: {
    parameters: "*arguments?",
    kind: "operation",
    refused: {
      reason: "Tablestore is not reached from a function here",
      remedy: "put the table into an object and use e_table_map(tab_parse_csv(res_oss_file(...)), ...)",
    },
  },

  e_redis_map: {
    parameters: "*arguments?",
    kind: "operation",
    refused: {
      reason: "Redis is not reached from a function here",
      remedy: "put the pairs into an object and use e_dict_map(json_parse(res_oss_file(...)), ...)",
    },
  },
});

export const VALUE_ADDED = group("Value-added", {
  e_threat_intelligence: {
    parameters: 'category, field, output_field=None, mode:mode="overwrite"',
    kind: "operation",
    refused: {
      reason: "the threat intelligence service has no counterpart here",
      remedy: "put a list of your own into an object and use e_table_map(tab_parse_csv(res_oss_file(...)), ...)",
    },
  },
});
