"""``mlpsim render``: figures of the size that was asked for, which carry the document."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.studies.variants import preset_race
from mlpsim.session.files import open_document, save


def render(*words: str) -> str:
    """Run ``mlpsim render`` without a display; it has to be done in silence."""
    hidden = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    done = subprocess.run(
        [sys.executable, "-m", "mlpsim", "render", *words],
        cwd=Path(__file__).parents[2],
        env={name: value for name, value in os.environ.items() if name not in hidden},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert (done.returncode, done.stdout) == (0, "")
    return done.stderr


@pytest.mark.parametrize(
    ("words", "size"),
    [
        (("--size", "1x1", "--scale", "0.1"), (1, 1)),
        (("--size", "16000x10", "--theme", "light"), (16_000, 10)),
        (("--size", "200x150", "--panel", "surface", "--scale", "2"), (400, 300)),
    ],
)
def test_a_picture_has_the_size_asked_for_and_opens_at_its_step(
    tmp_path: Path, words: tuple[str, ...], size: tuple[int, int]
) -> None:
    out = tmp_path / "a.png"
    render("saddle", "--variant", "0.001 off", "--step", "2", "--out", str(out), *words)
    with Image.open(out) as figure:
        assert figure.size == size
    document = open_document(out)
    assert (document.cursor, document.last) == (2, 2)


def test_a_picture_too_small_for_its_parts_is_made_and_said(tmp_path: Path) -> None:
    words = ("saddle", "--step", "2", "--out", str(tmp_path / "a.png"))
    said = render(*words, "--size", "800x500")
    assert "cut or overlap at 800x500" in said
    needed = said.split()[-1].rstrip(".")
    assert render(*words, "--size", needed) == ""


def test_a_page_has_the_size_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    render("saddle", "--step", "2", "--out", str(out), "--panel", "surface", "--size", "200x160")
    assert b"/MediaBox [0 0 150" in out.read_bytes()  # ¾ of a point a pixel


def test_a_page_and_a_drawing_are_as_large_as_the_scale_makes_them(tmp_path: Path) -> None:
    words = ("saddle", "--step", "2", "--panel", "loss", "--size", "300x260", "--out")
    page, drawing, plain = tmp_path / "a.pdf", tmp_path / "a.svg", tmp_path / "plain.svg"
    render(*words, str(page), "--scale", "2")
    assert b"/MediaBox [0 0 450.000000 390" in page.read_bytes()
    render(*words, str(drawing), "--scale", "0.5")
    render(*words, str(plain))
    small, whole = (ElementTree.parse(path).getroot() for path in (drawing, plain))
    assert small.get("viewBox") == "0 0 150 130"

    def outlined(root: ElementTree.Element) -> list[str | None]:
        outlines = root.iter("{http://www.w3.org/2000/svg}path")
        return [outline.get("aria-label") for outline in outlines if outline.get("aria-label")]

    assert outlined(small) == outlined(whole) != []


def test_a_drawing_has_the_size_asked_for_and_its_text_as_outlines(tmp_path: Path) -> None:
    out = tmp_path / "a.svg"
    render("saddle", "--step", "2", "--out", str(out), "--panel", "surface", "--size", "300x260")
    drawing = ElementTree.parse(out).getroot()
    assert drawing.get("viewBox") == "0 0 300 260"
    assert not list(drawing.iter("{http://www.w3.org/2000/svg}text"))
    outlines = drawing.iter("{http://www.w3.org/2000/svg}path")
    assert "w¹₁₁" in [outline.get("aria-label") for outline in outlines]


def test_the_race_of_a_preset_is_drawn_and_opened_again(tmp_path: Path) -> None:
    out, again = tmp_path / "race.png", tmp_path / "again.png"
    words = ("--step", "8", "--size", "700x620")
    render("ravine", "--variant", "Adam", "--panel", "race", "--out", str(out), *words)
    document = open_document(out)
    ravine = find_preset("ravine", load_presets())
    assert document.race == preset_race(ravine, "Adam")
    render(str(out), "--panel", "race", "--out", str(again), *words)
    with Image.open(out) as figure, Image.open(again) as same:
        assert np.array_equal(np.asarray(figure), np.asarray(same))


def test_the_lanes_of_a_document_are_on_its_surface(tmp_path: Path) -> None:
    raced, alone = tmp_path / "raced.png", tmp_path / "alone.png"
    words = ("--step", "8", "--size", "300x300", "--panel", "surface")
    document = find_preset("ravine", load_presets()).document()
    race = preset_race(find_preset("ravine", load_presets()))
    save(replace(document, race=race), tmp_path / "race.mlpsim")
    save(document, tmp_path / "alone.mlpsim")
    render(str(tmp_path / "race.mlpsim"), "--out", str(raced), *words)
    render(str(tmp_path / "alone.mlpsim"), "--out", str(alone), *words)
    yellow = np.array([0xF2, 0xE0, 0x5C])  # of lane 2
    with Image.open(raced) as figure, Image.open(alone) as bare:
        assert (np.asarray(figure.convert("RGB")) == yellow).all(axis=-1).any()
        assert not (np.asarray(bare.convert("RGB")) == yellow).all(axis=-1).any()


def test_the_surface_in_three_dimensions_is_drawn_and_opened_again(tmp_path: Path) -> None:
    png, pdf = tmp_path / "relief.png", tmp_path / "relief.pdf"
    words = ("lecture-gd-sgd-minibatch", "--step", "20", "--panel", "surface3d")
    render(*words, "--size", "500x500", "--out", str(png))
    render(*words, "--size", "500x500", "--out", str(pdf))
    view = open_document(png).view
    assert view is not None
    assert view.look == "relief"
    colours = np.asarray(Image.open(png).convert("RGB")).reshape(-1, 3)
    assert len(np.unique(colours, axis=0)) > 500
    # Some 7,700 quads, each with its corners: far more than a page of text and lines.
    assert pdf.stat().st_size > 100_000


FORMULAS = """
from mlpsim.app.scene import Scene, staged
from mlpsim.views.widgets.formula import FormulaLabel

scene = Scene("lecture-gd-sgd-minibatch", "GD", 1, "step", None, "light")
with staged("render", scene) as stage:
    for formula in stage.widget.findChildren(FormulaLabel):
        if formula.isVisible():
            picture = formula.grab().toImage()
            width, height = picture.width(), picture.height()
            print(len({picture.pixel(x, y) for x in range(width) for y in range(height)}) > 1)
"""


def test_the_first_picture_of_a_process_has_its_formulas() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORMULAS],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=110,
        check=True,
    )
    assert done.stdout.split() == ["True"] * 3
