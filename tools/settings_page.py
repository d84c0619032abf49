"""Write docs/settings.md from app/settings.py: every variable with its values, its default and its meaning."""

import argparse
import ast
import inspect
from itertools import pairwise
from pathlib import Path
from typing import Any

from annotated_types import Ge, Gt, Le
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from app.settings import PREFIX, ROOT, Settings

PAGE = ROOT / "docs" / "settings.md"
HEAD = """# Settings

Environment variables, read once at the start. A variable that begins with `PW_` and is not in this table, or a value
that cannot be used, stops the command with the name of the variable. `make settings` writes this page from
`app/settings.py`.

| variable | values | default | meaning |
|---|---|---|---|
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PAGE)
    arguments = parser.parse_args()
    words = words_under_fields()
    rows = [row_of(name, field, words[name]) for name, field in Settings.model_fields.items()]
    arguments.out.write_text(HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows), "utf-8")


def words_under_fields() -> dict[str, str]:
    """Return the docstring under each field; one that has none is missing."""
    body = ast.parse(inspect.getsource(Settings)).body[0].body
    return {
        field.target.id: " ".join(ast.literal_eval(words.value).split())
        for field, words in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(words, ast.Expr)
    }


def row_of(name: str, field: FieldInfo, words: str) -> tuple[str, str, str, str]:
    return f"`{PREFIX}{name.upper()}`", values_of(field), default_of(field), words


def values_of(field: FieldInfo) -> str:
    pattern = next((each.pattern for each in field.metadata if getattr(each, "pattern", None)), None)
    if pattern is not None:
        return ", ".join(f"`{value}`" for value in pattern.strip("^()$").split("|"))
    if field.annotation is bool:
        return "`0`, `1`"
    if not isinstance(field.annotation, type) or not issubclass(field.annotation, int | float):
        return "a folder" if field.annotation is Path else "text"
    kind = "a whole number" if issubclass(field.annotation, int) else "a number"
    words = {Ge: "at least", Gt: "above", Le: "at most"}
    bounds = [f"{words[type(each)]} {bound_of(each)}" for each in field.metadata if type(each) in words]
    return ", ".join([kind, *bounds])


def bound_of(bound: Any) -> str:
    return str(next(getattr(bound, name) for name in ("ge", "gt", "le") if hasattr(bound, name)))


def default_of(field: FieldInfo) -> str:
    default = field.default
    if default is PydanticUndefined:
        return "by the machine"
    if default is None:
        return "none"
    if isinstance(default, bool):
        return f"`{int(default)}`"
    return f"`{str(default).replace(f'{ROOT}/', '')}`"


if __name__ == "__main__":
    main()
