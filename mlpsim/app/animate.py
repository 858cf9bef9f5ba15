"""Commands that show a run over time: ``animate`` and ``storyboard``."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from mlpsim.app.animation import (
    frame_steps,
    image_of,
    interface_colours,
    sample_steps,
    shared_palette,
    write_animation,
)
from mlpsim.app.export import picture
from mlpsim.app.refusal import RefusedError, refused
from mlpsim.app.scene import Scene, staged
from mlpsim.app.stage import Stage
from mlpsim.app.storyboard import Sheet, storyboard
from mlpsim.app.telling import Teller
from mlpsim.core.files.strict_json import DocumentError

MOST_FRAMES = 5_000


def animate_command(
    scene: Scene, *, first: int, every: int, fps: float, scale: float, out: Path
) -> None:
    """Animate a scene from a step up to its own; the file is there once it is whole."""
    if first > scene.step:
        raise RefusedError(
            "mlpsim animate", f"--from {first} lies behind --to {scene.step}.", "Swap them."
        )
    steps = frame_steps(first, scene.step, every)
    if len(steps) > MOST_FRAMES:
        raise RefusedError(
            "mlpsim animate",
            f"{len(steps):,} frames are more than {MOST_FRAMES:,}.",
            "Choose a larger --every.",
        )
    with staged("mlpsim animate", scene) as stage:
        palette = None
        if out.suffix.lower() == ".gif":
            samples = [_frame(stage, k, scale) for k in sample_steps(steps)]
            palette = shared_palette(samples, interface_colours(stage.context.appearance.theme))
        try:
            write_animation(out, _frames(stage, steps, scale), palette, fps)
        except DocumentError as error:
            raise refused(str(out), error) from error


def storyboard_command(scene: Scene, sheet: Sheet, out: Path) -> None:
    """Draw chosen steps of a scene on one sheet."""
    with staged("mlpsim storyboard", replace(scene, step=max(sheet.steps))) as stage:
        try:
            storyboard(stage, sheet, out)
        except DocumentError as error:
            raise refused(str(out), error) from error


def _frame(stage: Stage, k: int, scale: float) -> Image.Image:
    stage.show(k)
    return image_of(picture(stage.widget, scale))


def _frames(stage: Stage, steps: Sequence[int], scale: float) -> Iterator[Image.Image]:
    """Every frame, and a word of how far it is."""
    teller = Teller()
    for place, k in enumerate(steps, start=1):
        yield _frame(stage, k, scale)
        teller.say(f"{place} of {len(steps)} frames")
