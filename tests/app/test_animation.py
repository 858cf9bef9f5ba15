"""Animations and storyboards, read back by Pillow and as text."""

import itertools
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from mlpsim.app.animation import (
    GIF_COLOURS,
    ffmpeg,
    frame_steps,
    image_of,
    interface_colours,
    sample_steps,
    shared_palette,
)
from mlpsim.app.refusal import RefusedError
from mlpsim.views.theme import DARK

SOURCE = ["lecture-gd-sgd-minibatch", "--variant", "SGD"]
SMALL = ["--panel", "loss", "--size", "301x201"]


def mlpsim(*words: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, where it makes its own application."""
    environment = dict(os.environ)
    if path is not None:
        environment["PATH"] = f"{path}{os.pathsep}{environment['PATH']}"
    command = [sys.executable, "-m", "mlpsim", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def frames(path: Path) -> list[np.ndarray]:
    with Image.open(path) as image:
        found = []
        for place in range(image.n_frames):
            image.seek(place)
            found.append(np.array(image.convert("RGB")))
    return found


@pytest.mark.parametrize("name", ["a.gif", "a.png"])
def test_every_frame_is_the_picture_of_its_step(tmp_path, name) -> None:
    out = tmp_path / name
    words = ["animate", *SOURCE, "--from", "2", "--to", "7", "--every", "2", "--out", str(out)]
    done = mlpsim(*words, *SMALL, "--fps", "5")
    assert done.returncode == 0, done.stderr
    shown = frames(out)
    assert len(shown) == 4
    for k, frame in zip((2, 4, 6, 7), shown, strict=True):
        still = tmp_path / f"{k}.png"
        words = ["render", *SOURCE, "--step", str(k), "--out", str(still), *SMALL]
        # The loss curve of a film is that of the whole run, with what lies ahead as a ghost.
        if k == 7:
            assert mlpsim(*words).returncode == 0
            expected = np.array(Image.open(still).convert("RGB")).astype(int)
            difference = np.abs(frame.astype(int) - expected)
            assert difference.mean() < (2.0 if name.endswith("gif") else 0.01)
        assert frame.shape == (201, 301, 3)
    assert all((a != b).any() for a, b in itertools.pairwise(shown))
    with Image.open(out) as image:
        assert image.info["loop"] == 0
        assert image.info["duration"] == 200


def test_a_video_goes_to_ffmpeg(tmp_path) -> None:
    """A program in ffmpeg's place shows what it was called with and how much it was given."""
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nfor last; do :; done\necho "$@" > "$last"\nwc -c >> "$last"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    out = tmp_path / "a.mp4"
    words = ["animate", *SOURCE, "--to", "2", "--out", str(out), *SMALL]
    assert mlpsim(*words, path=program.parent).returncode == 0
    call, count = out.read_text().splitlines()
    assert "-f rawvideo -pix_fmt rgb24 -s 301x201 -r 20 -i -" in call
    assert "color=0x141b2d,scale=out_color_matrix=bt709" in call  # the card's
    assert "setparams=colorspace=bt709" in call
    assert int(count) == 3 * 301 * 201 * 3


def test_what_ffmpeg_says_is_said(tmp_path) -> None:
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho no such codec >&2\nexit 3\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    out = tmp_path / "a.mp4"
    words = ["animate", *SOURCE, "--to", "2", "--out", str(out), *SMALL]
    done = mlpsim(*words, path=program.parent)
    assert done.returncode == 2
    assert "ffmpeg failed: no such codec" in done.stderr
    assert not out.exists()


def test_without_ffmpeg_a_video_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    with pytest.raises(RefusedError, match="pip install imageio-ffmpeg"):
        ffmpeg()


def test_the_interfaces_colours_are_in_the_palette() -> None:
    reserved = interface_colours(DARK)
    assert (0xE9, 0xEE, 0xF8) in reserved  # the text
    assert len(reserved) < GIF_COLOURS // 2
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    palette = shared_palette([Image.fromarray(noise)], reserved)
    for colour in reserved:
        patch = Image.new("RGB", (4, 4), colour)
        seen = patch.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")
        # Pillow looks a colour up by its upper six bits: a few levels aside is not seen.
        assert np.abs(np.subtract(seen.getpixel((1, 1)), colour)).max() < 8


def test_a_picture_keeps_its_pixels() -> None:
    picture = QImage(3, 2, QImage.Format.Format_RGB32)
    picture.fill(QColor("#102030"))
    picture.setPixelColor(2, 1, QColor("#ff8000"))
    image = image_of(picture)
    assert image.size == (3, 2)
    assert image.getpixel((0, 0)) == (0x10, 0x20, 0x30)
    assert image.getpixel((2, 1)) == (0xFF, 0x80, 0x00)


def test_steps_of_a_film() -> None:
    assert frame_steps(0, 10, 4) == [0, 4, 8, 10]
    assert frame_steps(3, 3, 5) == [3]
    assert sample_steps(range(101)) == [0, 25, 50, 75, 100]
    assert sample_steps([7]) == [7]


@pytest.mark.parametrize("name", ["s.svg", "s.pdf"])
def test_a_storyboard_has_its_steps_and_its_size(tmp_path, name) -> None:
    out = tmp_path / name
    words = ["storyboard", *SOURCE, "--steps", "0,1,5", "--columns", "2", "--width", "12"]
    done = mlpsim(*words, "--panel", "loss", "--caption", "SGD", "--out", str(out))
    assert done.returncode == 0, done.stderr
    data = out.read_bytes()
    if name.endswith("svg"):
        text = data.decode()
        assert [f'aria-label="step {k}"' in text for k in (0, 1, 5)] == [True] * 3
        assert 'aria-label="SGD"' in text
        width = float(re.search(r'<svg width="([\d.]+)mm"', text)[1])
        assert width == pytest.approx(120.0, abs=0.5)
        return
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert float(box[1]) == pytest.approx(12.0 / 2.54 * 72.0, abs=1.0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("animate", "--to", "2", "--out", "a.txt"), "that ends in .gif, .png, .apng or .mp4"),
        (("animate", "--from", "5", "--to", "2", "--out", "a.gif"), "--from 5 lies behind --to 2"),
        (("animate", "--to", "9000", "--out", "a.gif"), "9,001 frames are more than 5,000"),
        (("animate", "--to", "2", "--fps", "0", "--out", "a.gif"), "not a number from 0.1 to 60"),
        (("animate", "--to", "2", "--panel", "no", "--out", "a.gif"), "there is no panel 'no'"),
        (("animate", "--to", "1", "--out", "no/a.gif", *SMALL), "No such file or directory"),
        (("storyboard", "--steps", "0,x", "--out", "s.pdf"), "'x' is not a whole number"),
        (("storyboard", "--steps", "0", "--out", "s.png"), "that ends in .pdf or .svg"),
        (("storyboard", "--steps", "0", "--out", "s.svg", "--scale", "2"), "--scale"),
        (("storyboard", "--steps", "0", "--out", "no/s.svg"), "No such file or directory"),
    ],
)
def test_what_cannot_be_shown_is_refused(tmp_path, monkeypatch, words, message) -> None:
    monkeypatch.chdir(tmp_path)
    command, *rest = words
    done = mlpsim(command, *SOURCE, *rest)
    assert done.returncode == 2
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []
