"""The seven-line rule for the open-source engine, which has neither copies nor outputs: less work than ours."""

from aliyun.log.etl_core import *  # noqa: F403

TRANSFORM_EVENT_set = [(ANY, {"result": "pass"})]

DROP_FIELDS_tmp = ["tmp1", "tmp2"]

TRANSFORM_EVENT_conditions = [({"status": r"[5-9]\d\d"}, {"level": "error"}), ({"path": r"/api/v\d+/.*"}, {"kind": "api"})]

TRANSFORM_EVENT_split = [(NO_EMPTY("items"), ("items", SPLIT))]
