"""Imports point one way, and each library has one door: the table of ARCHITECTURE.md, held against the source."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "nkqa"

# What each part of nkqa may import from nkqa; a part may always import itself.
MAY_IMPORT = {
    "types": set(),
    "errors": set(),
    "resources": set(),
    "spreadsheet": set(),
    "scoring": {"types"},
    "calibration": set(),
    "settings": {"errors"},
    "text": {"types"},
    "store": {"types", "errors", "text"},
    "build": {"types", "errors", "text", "store", "settings"},
    "ask": {"types", "errors", "text", "store", "settings"},
    "serve": {"types", "errors", "settings", "resources", "spreadsheet", "ask.pipeline"},
    "questions": {"errors", "scoring"},
    "feedback": {"scoring", "questions"},
    "evaluate": {"questions", "types", "errors", "settings", "scoring", "calibration", "ask.pipeline"},
    "mcp_schema": {"serve", "types", "ask.pipeline"},
    "mcp_server": {"mcp_schema", "serve", "errors", "settings", "ask.pipeline"},
    "mcp_http": {"mcp_server", "serve", "settings", "ask.pipeline"},
    "doctor": {"types", "errors", "settings", "ask.pipeline", "build"},
    "receipts": {"types", "errors"},
    "diff": {"types", "errors", "settings", "store", "questions", "ask.pipeline"},
    "backup": {"errors", "settings", "store"},
    "watch": {"errors"},
    "jobs": {"errors", "settings", "store"},
    "terminal": {"types", "errors", "build", "receipts", "spreadsheet"},
    "options": {"settings", "resources"},
    "cli": {"commands", "errors", "options", "terminal"},
    "commands": {
        *("types", "errors", "settings", "resources", "ask", "build", "serve", "evaluate", "doctor", "store"),
        *("mcp_server", "mcp_http", "receipts", "terminal", "feedback", "options", "jobs", "diff", "backup", "watch"),
    },
    "__main__": {"cli"},
    "__init__": set(),
}

# Every library that nkqa imports, and the modules (or packages) that may.
DOORS = {
    "Stemmer": {"text.terms"},
    "cachetools": {"serve.rate_limit"},
    "docx": {"build.formats.docx"},
    "click": {"cli", "commands", "options", "terminal"},
    "faiss": {"store.vectors"},
    "filelock": {"store.lock"},
    "flask": {"serve"},
    "flask_openapi3": {"serve"},
    "markdown_it": {"build.markdown"},
    "mcp": {"mcp_server", "mcp_http"},
    "nltk": {"text.sentences"},
    "numpy": {"store", "build.pipeline", "ask.retrieve", "evaluate"},
    "openpyxl": {"build.formats.xlsx"},
    "onnxruntime": {"store.session"},
    "prometheus_client": {"serve.metrics"},
    "pypdfium2": {"build.formats.pdf_lines"},
    "selectolax": {"build.formats"},
    "pydantic": {"settings", "store.generation", "store.draft", "store.reuse", "store.tier", "serve", "mcp_schema"},
    "pydantic_settings": {"settings"},
    "rapidfuzz": {"ask.spelling"},
    "rich": {"terminal"},
    "sentence_transformers": {"store.encoder_export"},
    "sqlite3": {"store"},
    "structlog": {"serve.logs"},
    "tokenizers": {"store.encoder", "store.reader"},
    "torch": {"store.encoder_export"},
    "transformers": {"store.encoder_export"},
    "uvicorn": {"mcp_http"},
    "waitress": {"serve"},
    "werkzeug": {"serve"},
}

# Importing these late is the point: they are slow, and most commands do without; or they may be what is missing.
MAY_IMPORT_LATE = {"commands", "terminal", "doctor", "build.pipeline", "build.child"}

HEAVY = ("torch", "sentence_transformers", "transformers", "nltk", "sklearn", "flask", "markdown_it", "nkqa.build")


@dataclass(frozen=True)
class Import:
    """One import: who imports what, in a function or not, and whether only a type checker ever sees it."""

    module: str
    target: str
    late: bool
    for_types: bool


def module_name(path):
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


@cache
def modules():
    return {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def imports_of(name, path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        around = list(chain_of(node, parents))
        late = any(isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef) for parent in around)
        for_types = any(isinstance(p, ast.If) and ast.unparse(p.test) == "TYPE_CHECKING" for p in around)
        for target in targets_of(node):
            yield Import(name, target, late, for_types)


def chain_of(node, parents):
    while node in parents:
        node = parents[node]
        yield node


def targets_of(node):
    """Return what an import names; `from nkqa.build import pipeline` names a module of nkqa, not an attribute."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    assert node.level == 0, "relative import"
    inner = [f"{node.module}.{alias.name}" for alias in node.names]
    known = {f"nkqa.{name}" for name in modules()}
    return sorted({name if name in known else node.module for name in inner})


@cache
def all_imports():
    return [found for name, path in modules().items() for found in imports_of(name, path)]


def lies_in(module, parts):
    return any(module == part or module.startswith(f"{part}.") for part in parts)


def layer_of(module):
    return module.split(".")[0]


def test_walls_are_where_the_source_is():
    assert {layer_of(name) for name in modules()} <= set(MAY_IMPORT), "a new part of nkqa: say what it may import"
    assert len(all_imports()) > 100


def test_layers():
    wrong = []
    for found in all_imports():
        if not found.target.startswith("nkqa."):
            continue
        target = found.target.removeprefix("nkqa.")
        layer = layer_of(found.module)
        if layer_of(target) != layer and not lies_in(target, MAY_IMPORT[layer]):
            wrong.append(f"{found.module} imports {target}")
    assert wrong == []


def test_build_and_ask_never_import_each_other():
    between = [(layer_of(f.module), layer_of(f.target.removeprefix("nkqa."))) for f in all_imports()]
    assert {("build", "ask"), ("ask", "build"), ("build", "serve"), ("ask", "serve"), ("store", "build")}.isdisjoint(
        between
    )


def test_each_library_has_one_door():
    wrong = []
    for found in all_imports():
        library = found.target.split(".")[0]
        if library == "nkqa" or found.for_types or (library in sys.stdlib_module_names and library not in DOORS):
            continue
        if not lies_in(found.module, DOORS.get(library, set())):
            wrong.append(f"{found.module} imports {library}")
    assert wrong == []


def test_every_door_is_used():
    used = defaultdict(set)
    for found in all_imports():
        used[found.target.split(".")[0]].add(found.module)
    unused = [
        (library, door)
        for library, doors in DOORS.items()
        for door in doors
        if not any(lies_in(m, {door}) for m in used[library])
    ]
    assert unused == []


def test_late_imports_dodge_no_cycle():
    late = {
        found.module
        for found in all_imports()
        if found.late and found.target.split(".")[0] not in sys.stdlib_module_names
    }
    assert not {module for module in late if not lies_in(module, MAY_IMPORT_LATE)}


def test_no_cycle():
    edges = defaultdict(set)
    for found in all_imports():
        if found.target.startswith("nkqa.") and not found.late and not found.for_types:
            edges[found.module].add(found.target.removeprefix("nkqa."))
    seen: set[str] = set()

    def visit(name, trail):
        assert name not in trail, f"cycle: {' → '.join([*trail, name])}"
        if name not in seen:
            for target in sorted(edges[name]):
                if target != name:
                    visit(target, (*trail, name))
            seen.add(name)

    for name in modules():
        visit(name, ())


def test_nothing_happens_at_import_of_types_and_errors():
    allowed = ast.ClassDef | ast.Import | ast.ImportFrom | ast.Expr | ast.If | ast.Assign | ast.AnnAssign
    for name in ("types", "errors"):
        body = ast.parse(modules()[name].read_text(encoding="utf-8")).body
        assert [type(node).__name__ for node in body if not isinstance(node, allowed)] == []


def loaded_by(statement):
    """Return which of the heavy modules a fresh process holds after a statement."""
    code = f"{statement}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=ROOT, timeout=120, check=True
    )
    return set(result.stdout.split())


def test_asking_imports_nothing_heavy():
    assert loaded_by("import nkqa.ask.pipeline") == set()


@pytest.mark.parametrize("module", ["nkqa.text.terms", "nkqa.store.generation", "nkqa.store.encoder", "nkqa.cli"])
def test_what_asking_stands_on_imports_nothing_heavy(module):
    assert loaded_by(f"import {module}") == set()


def test_heavy_modules_are_noticed():
    assert loaded_by("import nkqa.text.sentences, nkqa.build.markdown") >= {"nltk", "markdown_it", "nkqa.build"}
