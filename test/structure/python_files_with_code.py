"""Reads names of Python files from stdin, prints those in which something is done: not only types, constants and interfaces."""

from __future__ import annotations

import ast
import sys
from pathlib import Path


def does_something(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function has more in it than its docstring, an ellipsis, or the refusal of an abstract method."""
    for statement in function.body:
        if isinstance(statement, ast.Pass | ast.Raise):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        return True
    return False


for name in sys.stdin.read().splitlines():
    tree = ast.parse(Path(name).read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    if any(does_something(function) for function in functions):
        print(name)
