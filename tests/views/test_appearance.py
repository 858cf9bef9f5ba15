"""The bundled fonts have every sign that the program shows, at one line height."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QFontMetricsF, QRawFont
from PySide6.QtWidgets import QApplication

from mlpsim.core.resources import resource
from mlpsim.views.appearance import FAMILIES, Appearance, app_font

PACKAGE = Path(__file__).parents[2] / "mlpsim"


@pytest.fixture
def dressed(qapp: QApplication) -> None:
    Appearance().apply(qapp)


def _shown_signs() -> set[str]:
    signs: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for text in _strings(ast.parse(path.read_text(encoding="utf-8"))):
            signs.update(text)
    for folder in ("presets", "help"):
        for path in resource(folder).iterdir():
            signs.update(path.read_text(encoding="utf-8"))
    return {sign for sign in signs if sign.isprintable() and ord(sign) > 127}


def _strings(tree: ast.AST) -> Iterator[str]:
    """The strings of a module but for those that stand alone, as docstrings do."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def test_every_sign_on_screen_is_in_a_bundled_font(dressed: None) -> None:
    fonts = [QRawFont.fromFont(QFontDatabase.font(family, "Regular", 10)) for family in FAMILIES]
    assert [font.familyName() for font in fonts] == list(FAMILIES)
    missing = {s for s in _shown_signs() if not any(f.supportsCharacter(ord(s)) for f in fonts)}
    assert missing == set()


def test_a_sign_of_the_second_font_makes_no_line_taller(dressed: None) -> None:
    heights = []
    for family in FAMILIES:
        font = app_font(40.0)
        font.setFamilies([family])
        heights.append(QFontMetricsF(font).height())
    assert heights[1] == pytest.approx(heights[0], rel=0.02)
