"""A field added to a group of settings in the .proto needs nothing else."""

from __future__ import annotations

import ast
import asyncio
import subprocess
import sys
from pathlib import Path

from macroscope.configuration.v1.settings_pb import Configuration

import macroscope_worker.configuration as package
from macroscope_worker.configuration._paths import leaves

FOLDER = Path(package.__file__).parent
KNOWS_FIELDS = {"_experiment.py", "_migrations.py"}
"""What a run is computed from, and what had another name once."""


async def test_works_everywhere_with_its_default_label_rules_undo_and_presets(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.configuration.with_new_field",
        str(tmp_path),
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    assert output.decode().strip() == "a field that nobody knew works"


def words_of(source: str) -> set[str]:
    """The attributes, argument names and texts of a file's code; a text of dotted names gives each of them."""
    tree = ast.parse(source)
    texts = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in texts:
            found.update(node.value.split("."))
    return found


def test_no_other_file_names_a_setting() -> None:
    groups = ("stimulus.", "display.", "acquisition.", "session.")
    names = {path.rpartition(".")[2] for path in leaves(Configuration.desc()) if path.startswith(groups)}
    # Words of other things too.
    names -= {"name", "directory"}
    found = {path.name: words_of(path.read_text(encoding="utf-8")) & names for path in FOLDER.glob("*.py")}
    assert len(found) > 10
    assert {name for name, settings in found.items() if settings} == KNOWS_FIELDS
