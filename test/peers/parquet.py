"""Reads Parquet files below a folder by pyarrow: schema, rows, and a query over partitions, as JSON."""

import json
import sys

import pyarrow.dataset as ds
import pyarrow.parquet as pq

folder, day = sys.argv[1], sys.argv[2]
dataset = ds.dataset(folder, format="parquet", partitioning="hive")
table = dataset.to_table()
picked = dataset.to_table(filter=ds.field("dt") == day)
rows = [
    {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
    for row in table.sort_by("n").to_pylist()
]
codecs = sorted(
    {
        pq.ParquetFile(file).metadata.row_group(0).column(0).compression
        for file in dataset.files
    }
)
types = {field.name: str(field.type) for field in dataset.schema}
print(json.dumps({"types": types, "rows": rows, "picked": picked.num_rows, "codecs": codecs}))
