"""Animations: a run's pictures as GIF, APNG or MP4, written whole or not at all."""

import io
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from PySide6.QtGui import QColor, QImage

from mlpsim.app.refusal import RefusedError
from mlpsim.session.files import write_whole
from mlpsim.views.theme import Theme, ramp_lookup

GIF_COLOURS = 256
SAMPLES = 5  # frames that a GIF's palette is made of


def image_of(picture: QImage) -> Image.Image:
    """A picture as Pillow has it, in RGB."""
    rgb = picture.convertToFormat(QImage.Format.Format_RGB888)
    size = (rgb.width(), rgb.height())
    data = bytes(rgb.constBits())
    return Image.frombuffer("RGB", size, data, "raw", "RGB", rgb.bytesPerLine(), 1)


def interface_colours(theme: Theme) -> list[tuple[int, int, int]]:
    """Colours that a palette may not lose: text, cards, classes, and every 16th of the ramp."""
    named = [value for value in vars(theme).values() if isinstance(value, QColor)]
    shades = [tuple(map(int, shade[:3])) for shade in ramp_lookup()[::16]]
    plain = [(colour.red(), colour.green(), colour.blue()) for colour in named]
    return list(dict.fromkeys([*plain, *((r, g, b) for r, g, b in shades)]))


def shared_palette(
    samples: Sequence[Image.Image], reserved: Sequence[tuple[int, int, int]]
) -> Image.Image:
    """One palette for all frames: the reserved colours, and those that the samples need most."""
    width = max(image.width for image in samples)
    sheet = Image.new("RGB", (width, sum(image.height for image in samples)))
    top = 0
    for image in samples:
        sheet.paste(image, (0, top))
        top += image.height
    found = sheet.quantize(GIF_COLOURS - len(reserved)).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*chain.from_iterable(reserved), *found][: 3 * GIF_COLOURS])
    return palette


def write_animation(
    path: Path, frames: Iterator[Image.Image], palette: Image.Image | None, fps: float
) -> None:
    """Write the frames in the form that the path's ending names; a GIF needs a palette."""
    suffix = path.suffix.lower()
    if suffix == ".mp4":
        _write_video(path, frames, fps)
        return
    duration = round(1000.0 / fps)
    first = next(frames)
    buffer = io.BytesIO()
    if suffix == ".gif":
        assert palette is not None
        in_palette = (_quantized(frame, palette) for frame in frames)
        _quantized(first, palette).save(
            buffer, "GIF", save_all=True, append_images=in_palette, duration=duration, loop=0
        )
    else:
        with TemporaryDirectory() as folder:
            rest: Any = _Stored(frames, Path(folder))
            first.save(buffer, "PNG", save_all=True, append_images=rest, duration=duration, loop=0)
    write_whole(path, [buffer.getvalue()])


class _Stored:
    """Frames on the disk: Pillow goes through those of an APNG twice, and many fill the memory."""

    def __init__(self, frames: Iterator[Image.Image], folder: Path) -> None:
        self._paths = []
        for place, frame in enumerate(frames):
            self._paths.append(folder / f"{place}.png")
            frame.save(self._paths[-1], compress_level=1)

    def __iter__(self) -> Iterator[Image.Image]:
        for path in self._paths:
            with Image.open(path) as frame:
                yield frame


def _quantized(frame: Image.Image, palette: Image.Image) -> Image.Image:
    return frame.quantize(palette=palette, dither=Image.Dither.NONE)


def ffmpeg() -> str:
    """The program that encodes videos; RefusedError if there is none."""
    found = shutil.which("ffmpeg")
    if found is not None:
        return found
    try:
        package: Any = import_module("imageio_ffmpeg")
    except ImportError as error:
        raise RefusedError(
            "MP4",
            "there is no ffmpeg on the path.",
            "Install it, or a package that brings it: pip install imageio-ffmpeg; or write a GIF.",
        ) from error
    program: str = package.get_ffmpeg_exe()
    return program


def _write_video(path: Path, frames: Iterable[Image.Image], fps: float) -> None:
    """Pipe the raw frames to ffmpeg, with sides made even, as H.264 wants them.

    The line that makes a side even has the colour of the corner. The colours are those of BT.709,
    and the file says so: a player that is not told takes large films for that.
    """
    frames = iter(frames)
    first = next(frames)
    with TemporaryDirectory() as folder:
        made = Path(folder, "animation.mp4")
        command = [ffmpeg(), "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"]
        command += ["-s", f"{first.width}x{first.height}", "-r", f"{fps:g}", "-i", "-"]
        corner = first.convert("RGB").crop((first.width - 1, first.height - 1, *first.size))
        even = f"pad=ceil(iw/2)*2:ceil(ih/2)*2:color=0x{corner.tobytes().hex()}"
        matrix = "scale=out_color_matrix=bt709:out_range=tv"
        said = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709"
        command += ["-vf", f"{even},{matrix},{said}", "-pix_fmt", "yuv420p", str(made)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as encoder:
            assert encoder.stdin is not None
            assert encoder.stderr is not None
            try:
                for frame in chain([first], frames):
                    encoder.stdin.write(frame.tobytes())
                encoder.stdin.close()
            except BrokenPipeError:
                pass  # it says below why it stopped reading
            complaint = encoder.stderr.read().decode(errors="replace").strip()
        if encoder.returncode:
            reason = complaint.splitlines()[-1] if complaint else f"code {encoder.returncode}"
            raise RefusedError("MP4", f"ffmpeg failed: {reason}.", "Write a GIF instead.")
        write_whole(path, _pieces(made))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(2**20):
            yield piece


def frame_steps(first: int, last: int, every: int) -> list[int]:
    """The steps that are shown: every so many-th, the last one included."""
    steps = list(range(first, last + 1, every))
    return steps if steps[-1] == last else [*steps, last]


def sample_steps(steps: Sequence[int]) -> list[int]:
    """A few of the steps, spread over all of them, for a palette."""
    places = {round(i * (len(steps) - 1) / (SAMPLES - 1)) for i in range(SAMPLES)}
    return [steps[place] for place in sorted(places)]
