#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-tidy over the sources of app, core and ui, or some: tidy.py BUILD-FOLDER [--seconds N] [SOURCE...]

A source that is, with all it includes of the project and with the checks, what it was in an earlier clean
run is not looked at again. The others are looked at in batches, each one translation unit: Qt's headers
are then read once for many sources, which makes the whole tree affordable. A batch that does not compile
because two of its sources share a private name is looked at source by source. With --seconds no batch is
begun after that time, and what was left out is named. Ends 1 when there is a finding.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
FINDING = re.compile(r"^(/[^:\n]+):\d+:\d+: (?:error|warning): .*\[([\w.-]+)", re.MULTILINE)
COMPILE_ERROR = "clang-diagnostic-error"
BATCH_SIZE = 16


def compile_commands(build):
    """The arguments that compile each source of the project, by source; generated ones are not ours."""
    commands = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        if source.is_relative_to(ROOT) and not source.is_relative_to(build):
            words = shlex.split(entry["command"])
            end = words.index("-o")
            commands[source] = [word for word in words[1:end] if not word.endswith(("clang++-19", "ccache"))]
    return commands


def with_headers(source, known={}):
    """The source and every header of the project it reaches, sorted."""
    seen, waiting = set(), [source]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        if path not in known:
            headers = (ROOT / name for name in INCLUDE.findall(path.read_text()))
            known[path] = [header for header in headers if header.is_file()]
        waiting += known[path]
    return sorted(seen)


def stamp_of(source):
    """Changes with anything of the project that a look at this source depends on."""
    digest = hashlib.sha256()
    for path in [ROOT / ".clang-tidy", ROOT / "CMakeLists.txt", *with_headers(source)]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def batches(sources, commands):
    """The sources in lists of one folder and one set of flags each."""
    alike = {}
    for source in sources:
        alike.setdefault((source.parent.parts[: len(ROOT.parts) + 2], *commands[source]), []).append(source)
    return [group[i : i + BATCH_SIZE] for group in alike.values() for i in range(0, len(group), BATCH_SIZE)]


def tidy(unit, flags, build, *options):
    command = ["clang-tidy-19", "-quiet", *options, str(unit), "--", *flags]
    run = subprocess.run(command, cwd=build, capture_output=True, text=True, check=False)
    # Its standard error counts what system headers hold back, unless it could not run at all.
    return run.returncode == 0, run.stdout or (run.stderr if run.returncode else "")


def look_at(batch, commands, build, deadline):
    """Whether each source of the batch is clean, and what was said; nothing when the time is over."""
    if time.monotonic() > deadline:
        return None
    flags = commands[batch[0]]
    if len(batch) > 1:
        unit = build / "tidy" / f"{stamp_of(batch[0])[:16]}.cpp"
        unit.parent.mkdir(exist_ok=True)
        unit.write_text("".join(f'#include "{source}"\n' for source in batch))
        # The batch is nothing but what that check is against.
        clean, said = tidy(unit, flags, build, "--checks=-bugprone-suspicious-include",
                           "--header-filter=/(app|core|ui)/.*")
        findings = FINDING.findall(said)
        if COMPILE_ERROR not in {check for _, check in findings}:
            places = {pathlib.Path(path) for path, _ in findings}
            # What is found in a header may be of any source of the batch.
            known = bool(places) and places <= set(batch)
            return {source: clean or (known and source not in places) for source in batch}, said
    answers = {source: tidy(source, flags, build) for source in batch}
    return {source: answer[0] for source, answer in answers.items()}, "".join(
        answer[1] for answer in answers.values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=sys.maxsize)
    parser.add_argument("sources", type=pathlib.Path, nargs="*")
    options = parser.parse_args()
    build = options.build.resolve()
    deadline = time.monotonic() + options.seconds

    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "portreeve/tidy"
    cache.mkdir(parents=True, exist_ok=True)
    commands = compile_commands(build)
    if options.sources:
        asked = {source.resolve() for source in options.sources}
        commands = {source: flags for source, flags in commands.items() if source in asked}
    stamps = {source: cache / stamp_of(source) for source in commands}
    wanted = sorted(source for source in commands if not stamps[source].exists())
    print(f"clang-tidy: {len(wanted)} of {len(commands)} files are not those of an earlier clean run", flush=True)

    work = batches(wanted, commands)
    unseen, faulty = [], 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for batch, answer in zip(work, pool.map(lambda one: look_at(one, commands, build, deadline), work)):
            if answer is None:
                unseen += batch
                continue
            for source, clean in answer[0].items():
                if clean:
                    stamps[source].touch()
            if not all(answer[0].values()):
                faulty += 1
                print(answer[1].replace(f"{ROOT}/", ""), flush=True)
    if unseen:
        print(f"clang-tidy: the time is over, {len(unseen)} files were NOT looked at:",
              *(str(source.relative_to(ROOT)) for source in unseen), sep="\n  ")
    return 1 if faulty else 0


sys.exit(main())
