import { operation } from "./signature";

export const FIELD_OPERATIONS = {
  e_drop_fields: operation("*fields, regex=False"),
  e_keep_fields: operation("*fields, regex=False"),
  e_rename: operation("*(old, new), regex=False"),
  e_pack_fields: operation('output_field, include=".*", exclude=None, drop_packed=False'),
};

export const ASSIGNMENT = {
  e_set: operation('*(key, value), mode:mode="overwrite"'),
};
