# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the databroker's records: JSON, one a line, as "peer records" prints them.

    changes.py content BEFORE    the records as they are on standard input, compared with the file:
                                 "TYPE ID: new", "TYPE ID: gone", "TYPE ID FIELD: OLD -> NEW"
    changes.py order BEFORE      what was written since then on standard input: "TYPE ID [deleted]",
                                 oldest first

The proxy itself notes in sessions and service accounts when they were last used. That is no change.
"""
import json
import sys

NOTES = {"accessedAt"}
NOTED = {"Session", "ServiceAccount"}


def name_of(record):
    return record["type"].rpartition(".")[2] + " " + record["id"]


def data_of(record):
    return {key: value for key, value in record["data"].items() if key not in NOTES}


def records(file):
    return [json.loads(line) for line in file]


def content(before, now):
    before = {name_of(record): data_of(record) for record in before}
    now = {name_of(record): data_of(record) for record in now}
    for name in sorted(before.keys() | now.keys()):
        if name not in before or name not in now:
            yield name + (": new" if name in now else ": gone")
            continue
        for key in sorted(before[name].keys() | now[name].keys()):
            old, new = (json.dumps(data[name].get(key), sort_keys=True) for data in (before, now))
            if old != new:
                yield f"{name} {key}: {old} -> {new}"


def order(before, written):
    known = {name_of(record): data_of(record) for record in before}
    for record in sorted(written, key=lambda record: int(record["version"])):
        name, data, is_gone = name_of(record), data_of(record), "deletedAt" in record
        if is_gone or name.split()[0] not in NOTED or data != known.get(name):
            yield name + (" deleted" if is_gone else "")
        known[name] = data


with open(sys.argv[2], encoding="utf-8") as file:
    lines = {"content": content, "order": order}[sys.argv[1]](records(file), records(sys.stdin))
for line in lines:
    print(line)
