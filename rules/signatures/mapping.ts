import { operation } from "./signature";

export const MAPPING_ENRICHMENT = {
  e_dict_map: operation('data, field, output_field, case_insensitive=True, missing=None, mode:mode="overwrite"'),
  e_table_map: operation('data, field, output_fields, missing=None, mode:mode="fill-auto"'),
  e_search_dict_map: operation(
    'data, output_field, multi_match=False, multi_join=" ", missing=None, mode:mode="overwrite"',
  ),
  e_search_table_map: operation(
    'data, inpt, output_fields, multi_match=False, multi_join=" ", missing=None, mode:mode="fill-auto"',
  ),
  e_tablestore_map: operation("*arguments?", {
    refused:
      "Tablestore is not reached from a function here; put the table into an object and use e_table_map(tab_parse_csv(res_oss_file(...)), ...)",
  }),
  e_redis_map: operation("*arguments?", {
    refused:
      "Redis is not reached from a function here; put the pairs into an object and use e_dict_map(json_parse(res_oss_file(...)), ...)",
  }),
};

export const VALUE_ADDED = {
  e_threat_intelligence: operation('category, field, output_field=None, mode:mode="overwrite"', {
    refused:
      "the threat intelligence service has no counterpart here; put a list of your own into an object and use e_table_map(tab_parse_csv(res_oss_file(...)), ...)",
  }),
};
