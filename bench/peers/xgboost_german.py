"""Trains the ensemble of tests/data/joint/german_xgboost and writes its dump and test set.

    python3 bench/peers/xgboost_german.py germancredit.csv tests/data/joint/german_xgboost

Needs xgboost and numpy. Text columns become the place of the text among the column's sorted ones.
"""

import csv
import sys
from pathlib import Path

import numpy
import xgboost

table, folder = Path(sys.argv[1]), Path(sys.argv[2])
with table.open(newline="") as file:
    head, *rows = list(csv.reader(file))


def numbers(column):
    try:
        return [float(cell) for cell in column]
    except ValueError:
        places = {text: place for place, text in enumerate(sorted(set(column)))}
        return [float(places[cell]) for cell in column]


columns = [numbers([row[at] for row in rows]) for at in range(len(head) - 1)]
inputs = numpy.array(columns, dtype=numpy.float32).T
answers = numpy.array([row[-1] == "good" for row in rows], dtype=numpy.float32)
data = xgboost.DMatrix(inputs, label=answers, feature_names=head[:-1])
settings = {
    "objective": "binary:logistic",
    "base_score": 0.5,  # a margin of 0
    "max_depth": 4,
    "max_bin": 64,
    "tree_method": "hist",
    "seed": 1,
    "nthread": 1,
}
model = xgboost.train(settings, data, num_boost_round=20)
folder.mkdir(parents=True, exist_ok=True)
(folder / "dump.json").write_text("[\n" + ",\n".join(model.get_dump(dump_format="json")) + "\n]\n")
margins = model.predict(data, output_margin=True)
with (folder / "test.csv").open("w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow([*head[:-1], "margin", "approved"])
    for row, margin in zip(inputs, margins):
        out.writerow([*(f"{cell:g}" for cell in row), f"{margin:.7g}", int(margin > 0)])
