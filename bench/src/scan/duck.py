"""DuckDB, asked by the bench: a line of JSON in for each question, one out with the milliseconds and the rows."""

import json
import sys
import time

import duckdb

connection = duckdb.connect()
connection.execute("create table native as select * from read_parquet(?)", [sys.argv[1]])
connection.execute("create view parquet as select * from read_parquet('%s')" % sys.argv[1].replace("'", "''"))
threads = None
for line in sys.stdin:
    asked = json.loads(line)
    if asked["threads"] != threads:
        threads = asked["threads"]
        connection.execute("set threads = %d" % threads)
    sql = asked["sql"].replace("{}", asked["of"])
    begun = time.perf_counter()
    rows = connection.execute(sql).fetchall()
    took = (time.perf_counter() - begun) * 1e3
    print(json.dumps({"milliseconds": took, "rows": rows}), flush=True)
