"""Print what nkqa needs to run, each package at the version installed here, as a lock file.

Run `python deploy/lock.py > requirements.lock` in an environment in which all tests have passed.
Packages of development are left out.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
HEAD = """# Every package that nkqa needs to run, at the version that the tests passed with (Linux, Python 3.11).
# Made by: python deploy/lock.py > requirements.lock
# torch: on Linux, PyPI gives a build for CUDA, which brings more packages along; the build for CPUs needs what is here.
"""


def needed(dependencies: Iterable[str]) -> dict[str, str]:
    """Return the installed versions, by canonical name, of what is needed, directly or not."""
    found: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(dependencies)
    extras = dict.fromkeys(waiting, frozenset[str]())  # of the package that needs it
    while waiting:
        line = waiting.pop()
        one = Requirement(line)
        name, key = canonicalize_name(one.name), (canonicalize_name(one.name), frozenset(one.extras))
        if not applies(one, extras[line]) or key in seen:
            continue
        seen.add(key)
        found[name] = Version(metadata.version(name)).public
        more = metadata.requires(name) or ()
        waiting += more
        extras |= dict.fromkeys(more, key[1])
    return found


def applies(requirement: Requirement, extras: frozenset[str] = frozenset()) -> bool:
    """Tell whether a requirement counts on this Python and system, with these extras."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in (extras or {""}))


def main() -> None:
    """Write the lock to standard output."""
    dependencies = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    sys.stdout.write(HEAD + "".join(f"{name}=={version}\n" for name, version in sorted(needed(dependencies).items())))


if __name__ == "__main__":
    main()
