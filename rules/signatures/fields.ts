import { operation } from "./signature";

export const FIELD_OPERATIONS = {
  e_drop_fields: operation("*fields, regex=True"),
  e_keep_fields: operation("*fields, regex=True"),
  e_rename: operation("*(old, new), regex=True"),
  e_pack_fields: operation('output_field, include=".*", exclude=None, drop_packed=False'),
};

export const ASSIGNMENT = {
  e_set: operation('*(key, value), mode:mode="overwrite"'),
};
