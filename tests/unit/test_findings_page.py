"""docs/findings.md is what scripts/findings makes of the codes and their examples."""

import importlib.machinery
import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_findings_is_current():
    path = str(ROOT / "scripts" / "findings")
    loader = importlib.machinery.SourceFileLoader("findings_script", path)
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run scripts/findings"
