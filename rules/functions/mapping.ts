import type { Implementations } from "../run/implementation";
import { dictMap } from "./mapping/e-dict-map";
import { searchDictMap } from "./mapping/e-search-dict-map";
import { searchTableMap } from "./mapping/e-search-table-map";
import { tableMap } from "./mapping/e-table-map";

export const MAPPING: Implementations = {
  /**
   * `e_dict_map(data, field, output_field, case_insensitive=True, missing=None, mode="overwrite")`: writes what a dict,
   * or a JSON text of one, holds for the value of a field; `*` is its default. Of several fields each one that exists is
   * looked up in turn. `missing` is written where none was found.
   */
  e_dict_map: dictMap,
  /**
   * `e_table_map(data, field, output_fields, missing=None, mode="fill-auto")`: finds the first row of a table whose cells
   * equal fields of the event, `*` equals all, and writes other cells of it; `missing`, one value or one for each field,
   * where there is no row. Fields and columns of different names are given as pairs. An event without one of the fields
   * stays as it is. Fails where a column is missing.
   */
  e_table_map: tableMap,
  /**
   * `e_search_dict_map(data, output_field, multi_match=False, multi_join=" ", missing=None, mode="overwrite")`: the keys
   * of the dict are queries as of e_search; writes the value of the first one that finds the event, or all joined with
   * `multi_match`; of `*`, else `missing`, where none does.
   */
  e_search_dict_map: searchDictMap,
  /**
   * `e_search_table_map(data, inpt, output_fields, multi_match=False, multi_join=" ", missing=None, mode="fill-auto")`:
   * likewise with a table whose column `inpt` holds the queries. Fails where a column is missing.
   */
  e_search_table_map: searchTableMap,
};
