"""Who may import whom (docs/architecture.md), held by walking the syntax trees."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("accounts", "chatweb", "simulator", "bench", "tests")
SHIPPED = ("accounts", "chatweb", "simulator")
HTTP_CLIENT = {"httpx", "httpx_aiohttp", "aiohttp"}
# Weather, Travel and Trouble are also words; quoted they are names.
BOTS_OF_THE_SIMULATOR = re.compile(
    r"\b(Echo|Showcase|Reasoner|City weather)\b|[\"'`>](Weather|Travel|Trouble)[\"'`<]"
)
DIRECTIVES = re.compile(r"\b(drop_after|hold_at|get_rain_probability)\b")
LONGEST_MODULE = 350

# A module that begins with the key may import, of ours, only what begins with one of the values.
MAY_IMPORT = {
    "accounts": {"accounts"},
    "chatweb.upstreams": {"chatweb.upstreams"},
    "chatweb.turns.states": {"chatweb.upstreams.events"},
    "chatweb.turns.machine": {"chatweb.upstreams.events"},
    "chatweb.models": {"chatweb.models", "accounts.models", "chatweb.turns.states"},
    "simulator": {"simulator"},
}
# The shells of the site speak to the upstream through `turns.commands` only.
SHELLS = ("chatweb.views", "chatweb.forms", "chatweb.admin", "chatweb.console", "chatweb.consumers")
WIRING = ("chatweb.asgi", "chatweb.urls", "chatweb.settings")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(*packages: str) -> dict[str, Path]:
    return {
        module_name(path): path for package in packages for path in sorted((ROOT / package).rglob("*.py"))
    }


def imports(name: str, path: Path) -> Iterator[str]:
    """Absolute names of what a module imports, as deep as a module of that name exists."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level]
            base = ".".join([*above, node.module or ""]).rstrip(".") if node.level else str(node.module)
            for alias in node.names:
                yield f"{base}.{alias.name}" if is_module(f"{base}.{alias.name}") else base


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def begins_with(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def is_ours(name: str) -> bool:
    return name.split(".")[0] in OURS


ALL = modules(*SHIPPED)


@pytest.mark.parametrize("name", ALL)
def test_a_module_imports_only_what_its_place_allows(name: str):
    for prefix, allowed in MAY_IMPORT.items():
        if begins_with(name, prefix) and ".migrations" not in name:
            strangers = {
                imported
                for imported in imports(name, ALL[name])
                if is_ours(imported) and not any(begins_with(imported, one) for one in allowed)
            }
            assert strangers == set(), f"{name} may import only {sorted(allowed)}"


@pytest.mark.parametrize("name", ALL)
def test_nobody_imports_the_wiring_the_simulator_the_tests_or_the_bench(name: str):
    forbidden = WIRING + ("tests", "bench") + (() if begins_with(name, "simulator") else ("simulator",))
    found = {one for one in imports(name, ALL[name]) for other in forbidden if begins_with(one, other)}
    assert found == set()


@pytest.mark.parametrize("name", [name for name in ALL if any(begins_with(name, shell) for shell in SHELLS)])
def test_the_shells_never_import_the_upstream_library(name: str):
    assert {one for one in imports(name, ALL[name]) if begins_with(one, "chatweb.upstreams")} == set()


@pytest.mark.parametrize("name", modules("chatweb/upstreams"))
def test_the_upstream_library_needs_nothing_but_its_http_client(name: str):
    allowed = sys.stdlib_module_names | HTTP_CLIENT | {"chatweb"}
    roots = {imported.split(".")[0] for imported in imports(name, ALL[name])}
    assert roots - allowed == set()


def test_every_package_has_a_line_in_the_architecture():
    text = (ROOT / "docs/architecture.md").read_text()
    packages = {
        str(path.parent.relative_to(ROOT))
        for package in (*SHIPPED, "bench")
        for path in (ROOT / package).rglob("__init__.py")
        if "migrations" not in path.parts
    }
    assert {package for package in packages if f"{package}/" not in text} == set()


def test_the_product_knows_no_bot_of_the_simulator():
    sources = [
        path
        for folder in ("accounts", "chatweb", "templates", "static/js", "static/css")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js", ".css", ".txt"}
    ]
    assert len(sources) > 20
    named = [str(path.relative_to(ROOT)) for path in sources if knows_a_bot(path.read_text())]
    assert named == []


def knows_a_bot(source: str) -> bool:
    return bool(BOTS_OF_THE_SIMULATOR.search(source) or DIRECTIVES.search(source))


@pytest.mark.parametrize("name", modules("accounts", "chatweb", "simulator", "bench"))
def test_a_module_stays_readable(name: str):
    path = modules(name.split(".")[0])[name]
    lines = path.read_text().count("\n")
    assert lines <= LONGEST_MODULE or "migrations" in path.parts, (
        f"{name} has {lines} lines: split its subject"
    )
