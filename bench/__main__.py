"""`python -m bench`: measure, and print the table of design section 7 for one process."""

from __future__ import annotations

import argparse
import os
import resource
from pathlib import Path

from bench.chainlit.environment import ChainlitEnvironment
from bench.figures import FIGURES
from bench.runs import QUICK, Bench, Extent, say
from bench.server import LOAD_CORE, SERVER_CORE
from bench.table import Row, circumstances, markdown

MOST_FILES = 65_536  # a socket a tab, in the server and in the generator


def main() -> None:
    arguments = read_arguments()
    os.sched_setaffinity(0, {LOAD_CORE})
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, MOST_FILES), hard))
    if SERVER_CORE == LOAD_CORE:
        say("Only one core: server and generator share it, and the figures say little.")
    extent = QUICK if arguments.quick else Extent(rounds=arguments.rounds)
    bench = Bench(extent, None if arguments.chainlit is None else ChainlitEnvironment(*arguments.chainlit))
    rows: list[Row] = []
    try:
        for name in arguments.only:
            say(f"# {name}")
            rows += FIGURES[name](bench)
    finally:
        bench.remove()
    print(circumstances(), "", markdown(rows), sep="\n")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a look at whether all works, not at the figures"
    )
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds where figures are compared")
    parser.add_argument(
        "--only", type=names, default=list(FIGURES), metavar="A,B", help=f"of {', '.join(FIGURES)}"
    )
    parser.add_argument(
        "--chainlit",
        nargs="*",
        type=Path,
        metavar="PYTHON",
        help="compare with Chainlit as well: with PYTHON's, or in an environment made for it",
    )
    return parser.parse_args()


def names(text: str) -> list[str]:
    chosen = text.split(",")
    if unknown := set(chosen) - FIGURES.keys():
        raise argparse.ArgumentTypeError(f"no such figure: {', '.join(sorted(unknown))}")
    return chosen


if __name__ == "__main__":
    main()
