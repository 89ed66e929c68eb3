"""`python -m bench [NAME …]`: the measurements of these names, or all of the short ones, one after the other."""

import argparse
import sys
from types import ModuleType

from bench import confirmations, expanding, hops, memory, postgres_settings, sending, sizes, starting, table, texts
from tests.faults import footprints
from tests.faults.house import standing

SHORT: dict[str, ModuleType] = {
    "hops": hops,
    "texts": texts,
    "confirmations": confirmations,
    "start": starting,
    "memory": memory,
    "expanding": expanding,
    "sending": sending,
}
EVERY: dict[str, ModuleType] = {**SHORT, "sizes": sizes, "postgres": postgres_settings}


def main() -> int:
    """Measures, prints, keeps; gives 0 also where a goal is missed: the table says so."""
    name = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] in EVERY else ""
    parser = argparse.ArgumentParser(prog=f"make bench-{name}" if name else "make bench", description=__doc__)
    if name:
        EVERY[name].arguments(parser)
    asked = parser.parse_args(sys.argv[2 if name else 1 :])
    every = []
    for each in [name] if name else SHORT:
        defaults = argparse.ArgumentParser()
        EVERY[each].arguments(defaults)
        print(f"… {each}", file=sys.stderr, flush=True)
        with standing() as house:
            footprints.follow_no_more(house.engine)
            rows = EVERY[each].measured(house, asked if name else defaults.parse_args([]))
        table.keep(rows, each)
        every += rows
    table.tell(every)
    return 0


if __name__ == "__main__":
    sys.exit(main())
