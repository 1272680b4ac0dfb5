import { expression } from "./signature";

export const LIST = {
  lst_make: expression("*values?"),
  lst_insert: expression("list_string|list, location|pos:int, *values"),
  lst_append: expression("list_string|list, *values"),
  lst_delete_at: expression("list_string|list, location|pos:int"),
  lst_reverse: expression("list_string|list"),
  lst_get: expression("list_string|list, location|pos:int"),
};

export const DICTIONARY = {
  dct_make: expression("*(key, value)?"),
  dct_update: expression("dict1, dict2"),
  dct_delete: expression("dict, *keys"),
  dct_keys: expression("dict"),
  dct_values: expression("dict"),
  dct_get: expression("dict, key, default=None"),
};
