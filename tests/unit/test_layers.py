"""Who may import whom: only from a lower layer, and inside a layer nobody knows his neighbour.

Imports for annotations alone (under TYPE_CHECKING) are no dependency; they must not point upwards either.
"""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "awsx"

LAYERS = (
    {"term", "packages", "ini", "callback", "look"},
    {"files", "shells", "block", "interrupts"},
    {"profiles", "tokens", "settings", "environment", "rcfile"},
    {"memo"},
    {"index", "aws", "registrations", "browser", "guard", "truth"},
    {"oidc"},
    {"awscli"},
    {"login", "rows", "states"},
    {"find"},
    {"sessions"},
    {"picker", "current", "ls", "switch", "run", "sign_in", "logout"},
    {"region"},
    {"demo"},
    {"cli", "__main__"},
)
LAYER = {module: number for number, layer in enumerate(LAYERS) for module in layer}

# Neighbours, known inside a function alone.
EXCEPTIONS = {("__main__", "cli"), ("switch", "picker")}

# awsx/__init__.py holds the version alone; start.py is the stub that starts __main__.
OUTSIDE = {"__init__", "start"}


def modules():
    return sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem not in OUTSIDE)


def imports(module):
    """(imported module of awsx, where: "module", "function" or "annotation") for each import statement."""
    found = set()
    visit(tree(module), "module", found)
    return found


def tree(module):
    return ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))


def visit(node, where, found):
    for child in ast.iter_child_nodes(node):
        inner = where
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = "function"
        elif isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            inner = "annotation"
        found |= {(name, inner) for name in named(child)}
        visit(child, inner, found)


def named(node):
    """The modules of awsx that one statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("awsx.")}
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative imports hide who knows whom"
        if node.module == "awsx":
            return {alias.name for alias in node.names} - {"__version__", "VERBS"}
        if node.module.startswith("awsx."):
            return {node.module.split(".")[1]}
    return set()


def test_every_module_has_its_layer():
    assert [*modules(), "demo"] == sorted(LAYER, key=lambda module: (module == "demo", module))


@pytest.mark.parametrize("module", modules())
def test_imports_point_downwards(module):
    wrong = [
        f"{module} -> {name} (in a {where})"
        for name, where in sorted(imports(module))
        if where != "annotation"
        and LAYER.get(name, 99) >= LAYER.get(module, -1)
        and not (where == "function" and (module, name) in EXCEPTIONS)
    ]
    assert wrong == []


@pytest.mark.parametrize("module", modules())
def test_annotations_do_not_point_upwards(module):
    for name, where in imports(module):
        if where == "annotation":
            assert LAYER.get(name, 99) <= LAYER.get(module, -1), f"{module} -> {name}"


def test_every_exception_is_needed():
    for module, name in EXCEPTIONS:
        assert (name, "function") in imports(module)
        assert LAYER[name] == LAYER[module]


def test_a_login_is_known_inside_a_function_alone():
    """subprocess, and boto3 behind it: only where a session has ended."""
    assert ("login", "function") in imports("find")
    assert ("login", "module") not in imports("find")


def test_the_reader_of_imports_sees_them_all(tmp_path, monkeypatch):
    text = (
        "import awsx.ini\nfrom awsx import __version__, files, term as t\nfrom awsx.rows import Row\n"
        "if TYPE_CHECKING:\n    from awsx.find import Facts\n"
        "class A:\n    from awsx import tokens\n    def f(self):\n        if 1:\n            from awsx import login\n"
        "try:\n    import os, awsx.index\nexcept ImportError:\n    from awsx.demo.center import X\n"
    )
    (tmp_path / "x.py").write_text(text)
    monkeypatch.setattr("test_layers.PACKAGE", tmp_path)
    at_module = {(name, "module") for name in ("ini", "files", "term", "rows", "tokens", "index", "demo")}
    assert imports("x") == at_module | {("find", "annotation"), ("login", "function")}


def test_the_demo_is_a_package_of_its_own():
    """It may use what lies below; nobody but cli knows it, inside a function."""
    for path in (PACKAGE / "demo").glob("*.py"):
        for name, where in imports(f"demo/{path.stem}"):
            assert name == "demo" or LAYER[name] < LAYER["demo"], f"demo/{path.name} -> {name} (in a {where})"
    assert {(module, where) for module in modules() for name, where in imports(module) if name == "demo"} <= {
        ("cli", "function")
    }


# --- rules of the house that a parser can hold


def handlers(module):
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ExceptHandler):
            yield ast.unparse(node.type) if node.type else "everything"


def test_broad_excepts_stand_in_main_alone():
    broad = [
        module
        for module in modules()
        for caught in handlers(module)
        if caught in ("everything", "Exception", "BaseException")
    ]
    assert len(broad) <= 2
    assert set(broad) <= {"__main__"}


def test_awsx_error_ends_a_process_in_main_alone():
    """Whoever else catches it goes on without what could not be read; nobody else ends a process over it."""
    for module in modules():
        calls = [ast.unparse(node.func) for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]
        if module != "__main__":
            assert not {"sys.exit", "exit", "os._exit", "quit"} & set(calls), module


def test_clienterror_is_caught_in_aws_alone():
    for module in modules():
        if any("ClientError" in caught or "BotoCoreError" in caught for caught in handlers(module)):
            assert module == "aws"


def test_no_assert_and_no_shell():
    for module in modules():
        nodes = list(ast.walk(tree(module)))
        assert not [node for node in nodes if isinstance(node, ast.Assert)], module
        assert not [k for node in nodes if isinstance(node, ast.Call) for k in node.keywords if k.arg == "shell"], (
            module
        )
        names = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
        assert not {"os.system", "os.popen", "eval", "exec", "compile"} & names, module


def test_print_is_nobodys():
    """stdout is data and stderr is talk: both go through term (or typer.echo)."""
    for module in modules():
        assert "print" not in {ast.unparse(n.func) for n in ast.walk(tree(module)) if isinstance(n, ast.Call)}, module


@pytest.mark.parametrize("module", modules())
def test_modules_and_functions_are_short(module):
    text = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
    assert text.count("\n") <= 300
    assert max((n.end_lineno - n.lineno + 1 for n in functions), default=0) <= 45
    for function in functions:
        assert function.returns is not None, f"{module}.{function.name} has no return annotation"
