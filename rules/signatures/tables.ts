import { expression } from "./signature";

export const TABLE = {
  tab_parse_csv: expression(
    `data, sep:delimiter=',', quote:delimiter='"', lstrip=True, headers=None, case_insensitive=True`,
  ),
  tab_to_dict: expression('table, key_field, value_field, key_join=",", value_join=","'),
};
