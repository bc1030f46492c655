"""Who may import whom, and the rules of the house that a parser can check.

A room is a package of awsx, or a module that stands beside the packages. A module imports rooms of
lower layers, and modules of its own room as long as these make no circle. Imports for annotations
alone (under TYPE_CHECKING) are no dependency; they must not point upwards either.
"""

import ast
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "awsx"

LAYERS = (
    {"term", "packages", "environment", "argv", "segment", "page"},
    {"finding", "interrupts"},
    {"files", "guard"},
    {"truth", "service", "process"},
    {"login"},
    {"facts"},
    {"memos", "credentials"},
    {"server"},
    {"tables"},
    {"install"},
    {"doctor", "many", "populate", "console"},
    {"demo"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
LAYER = {room: number for number, layer in enumerate(LAYERS) for room in layer}

# start.py is the stub that starts __main__; awsx/__init__.py holds the version and the verbs.
OUTSIDE = {"start", ""}
LONG, TOO_LONG = 300, 400  # lines of a module


def names():
    """Every module below awsx: `commands.switch`, `files` for files/__init__.py."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        found.append(name.removesuffix("__init__").rstrip("."))
    return [name for name in found if name not in OUTSIDE]


def room(module):
    return module.partition(".")[0]


def path_of(module):
    path = PACKAGE / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def tree(module):
    return ast.parse(path_of(module).read_text(encoding="utf-8"))


def imports(module):
    """(imported module, where) for each import; where is "module", "function" or "annotation"."""
    found = set()
    visit(tree(module), "module", found)
    return found


def visit(node, where, found):
    for child in ast.iter_child_nodes(node):
        inner = where
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = "function"
        elif is_type_checking(child):
            inner = "annotation"
        found |= {(name, inner) for name in named(child)}
        visit(child, inner, found)


def is_type_checking(node):
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


def named(node):
    """The modules of awsx that one statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name[5:] for alias in node.names if alias.name.startswith("awsx.")}
    if not isinstance(node, ast.ImportFrom):
        return set()
    assert node.level == 0, "relative imports hide who knows whom"
    if node.module == "awsx":
        return {alias.name for alias in node.names} - {"__version__", "VERBS"}
    if not node.module.startswith("awsx."):
        return set()
    package = node.module[5:]
    inside = {alias.name for alias in node.names if is_module(f"{package}.{alias.name}")}
    return {f"{package}.{name}" for name in inside} or {package}


def is_module(name):
    path = PACKAGE / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()


def test_every_room_has_a_layer():
    assert {room(module) for module in names()} == set(LAYER)


@pytest.mark.parametrize("module", names())
def test_imports_point_downwards(module):
    for name, where in sorted(imports(module)):
        if where == "annotation":
            assert LAYER[room(name)] <= LAYER[room(module)], f"{module} -> {name}"
        elif room(name) != room(module):
            assert LAYER[room(name)] < LAYER[room(module)], f"{module} -> {name} (in a {where})"


def test_no_room_has_a_circle():
    """Inside a room, too, modules can be ordered so that each imports only earlier ones."""
    needs = {
        module: {name for name, where in imports(module) if where != "annotation"}
        for module in names()
    }
    while ready := [module for module, needed in needs.items() if not needed & needs.keys()]:
        for module in ready:
            del needs[module]
    assert needs == {}


def test_imports_finds_every_kind_of_import(tmp_path, monkeypatch):
    text = (
        "import awsx.term\nfrom awsx import __version__, files, term as t\n"
        "from awsx.rows import Row\nfrom awsx.files import ini, nothing\n"
        "if TYPE_CHECKING:\n    from awsx.facts import Facts\n"
        "class A:\n    from awsx.files import disk\n    def f(self):\n        if 1:\n"
        "            from awsx.login import own\n"
        "try:\n    import os, awsx.memos.index\nexcept ImportError:\n"
        "    from awsx.demo.center import X\n"
    )
    for name in ("x", "files/ini", "files/disk", "login/own"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr("test_layers.PACKAGE", tmp_path)
    at_module = ("files", "term", "rows", "files.ini", "files.disk", "memos.index", "demo.center")
    assert imports("x") == {(name, "module") for name in at_module} | {
        ("facts", "annotation"),
        ("login.own", "function"),
    }


def test_a_login_is_imported_only_by_a_function():
    """A login needs subprocess and boto3, so only a command whose session has ended loads it."""
    hot = {"__main__", "facts", "commands.switch", "commands.execute"}
    for module in hot:
        assert not {name for name, where in imports(module) if where == "module"} & {
            "login.ensure",
            "service.client",
        }


def test_only_the_command_demo_imports_the_demo():
    users = {module for module in names() for name, _ in imports(module) if room(name) == "demo"}
    assert {module for module in users if room(module) != "demo"} == {"commands.demo"}


# --- house rules that a parser can check


def handlers(module):
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ExceptHandler):
            yield ast.unparse(node.type) if node.type else "everything"


def calls(module):
    """The names of the functions that a module calls."""
    return [ast.unparse(node.func) for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]


def outside_the_demo():
    return [module for module in names() if room(module) != "demo"]


def test_broad_excepts_are_only_in_main():
    broad = [
        module
        for module in names()
        for caught in handlers(module)
        if caught in ("everything", "Exception", "BaseException")
    ]
    assert len(broad) <= 2
    # One check of doctor that breaks must not hide what the others find.
    assert set(broad) <= {"__main__", "doctor.examination"}


def test_only_main_ends_the_process():
    """Other code that catches an AwsxError goes on without what could not be read."""
    for module in outside_the_demo():
        if module != "__main__":
            assert not {"sys.exit", "exit", "os._exit", "quit"} & set(calls(module)), module


def test_only_service_catches_errors_of_botocore():
    # The demo's `aws` is a program of its own, which plays the AWS CLI.
    for module in {*names()} - {"demo.stand_in_aws"}:
        if any("ClientError" in caught or "BotoCoreError" in caught for caught in handlers(module)):
            assert room(module) == "service"


def test_no_assert_and_no_shell():
    for module in outside_the_demo():
        nodes = list(ast.walk(tree(module)))
        keywords = [k.arg for node in nodes if isinstance(node, ast.Call) for k in node.keywords]
        assert not [node for node in nodes if isinstance(node, ast.Assert)], module
        assert "shell" not in keywords, module
        assert not {"os.system", "os.popen", "eval", "exec", "compile"} & set(calls(module)), module


def test_no_module_calls_print():
    """stdout is data, stderr is talk; both go through term (or typer.echo)."""
    for module in outside_the_demo():
        assert "print" not in calls(module), module


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("module", names())
def test_modules_and_functions_are_short(module):
    text = path_of(module).read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > LONG:
        warnings.warn(f"{module} has {lines} lines: does it hold two things?", stacklevel=1)
    assert lines <= TOO_LONG
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
    assert max((n.end_lineno - n.lineno + 1 for n in functions), default=0) <= 45
    for function in functions:
        assert function.returns is not None, f"{module}.{function.name} has no return annotation"


# --- the map in CONTRIBUTING.md


def rooms_on_the_map():
    """`files` or `facts.py`, and the description, of each line "| `awsx/files/` | ... |"."""
    lines = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|")[1:-1] for line in lines if line.startswith("| `awsx/")]
    return {cells[0].strip(" `")[5:].rstrip("/"): cells[1].strip() for cells in rows}


def test_the_map_of_contributing_has_a_line_for_each_room():
    on_disk = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    on_disk |= {path.name for path in PACKAGE.glob("*.py")}
    assert set(rooms_on_the_map()) == on_disk
    assert all(rooms_on_the_map().values())
