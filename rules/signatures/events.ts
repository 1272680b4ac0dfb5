import { operation } from "./signature";

export const EVENT_OPERATIONS = {
  e_drop: operation("condition:cond=True"),
  e_keep: operation("condition:cond=True"),
  e_split: operation(`field, sep:delimiter=',', quote:delimiter='"', lstrip=True, jmes:jmes=None, output=None`),
  e_output: operation(
    "name:output=None, project=None, logstore=None, topic=None, source=None, tags=None, hash_key_field=None, hash_key=None",
  ),
  e_coutput: operation(
    "name:output=None, project=None, logstore=None, topic=None, source=None, tags=None, hash_key_field=None, hash_key=None",
  ),
  e_to_metric: operation("names=None, labels=None, time=None"),
};
