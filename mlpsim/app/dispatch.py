"""Dispatch: what each command calls. Imports wait until it is known which command it is.

A command gives its exit code, or none where it has done what was asked.
"""

import argparse
import gc
import os
from typing import TYPE_CHECKING

from mlpsim.app import system
from mlpsim.app.refusal import RefusedError

if TYPE_CHECKING:
    from mlpsim.app.scene import Scene

LARGEST_PICTURE = 200_000_000
STORYBOARD_SIZE = (400, 420)  # of a picture whose type is still read on paper


def open_window(arguments: argparse.Namespace) -> int:
    system.require_window()
    gc.disable()  # ``start`` enables it: nearly all that is made until then, stays
    from mlpsim.app import application

    return application.run(arguments.path)


def run(arguments: argparse.Namespace) -> None:
    from mlpsim.app import commands

    commands.run_command(arguments.source, arguments.variant, arguments.steps, arguments.json)


def _scene(arguments: argparse.Namespace, command: str, step: int, scale: float = 1.0) -> "Scene":
    width, height = arguments.size or (0, 0)
    if width * height * scale**2 > LARGEST_PICTURE:
        raise RefusedError(
            f"mlpsim {command}",
            f"{width}×{height} at scale {scale:g} is more than"
            f" {LARGEST_PICTURE // 1_000_000} million pixels.",
            "Choose a smaller --size or --scale, or write a PDF, which has no pixels.",
        )
    system.require_offscreen()
    from mlpsim.app.scene import Scene

    return Scene(
        arguments.source,
        arguments.variant,
        step,
        arguments.panel,
        arguments.size,
        arguments.theme,
    )


def render(arguments: argparse.Namespace) -> None:
    scene = _scene(arguments, "render", arguments.step, arguments.scale)
    from mlpsim.app.render import render_command

    render_command(scene, arguments.out, arguments.scale)


def animate(arguments: argparse.Namespace) -> None:
    scene = _scene(arguments, "animate", arguments.to, arguments.scale)
    from mlpsim.app.animate import animate_command

    animate_command(
        scene,
        first=arguments.first,
        every=arguments.every,
        fps=arguments.fps,
        scale=arguments.scale,
        out=arguments.out,
    )


def storyboard(arguments: argparse.Namespace) -> None:
    arguments.size = arguments.size or STORYBOARD_SIZE
    scene = _scene(arguments, "storyboard", 0)
    from mlpsim.app.animate import storyboard_command
    from mlpsim.app.storyboard import Sheet, usual_columns

    columns = arguments.columns or usual_columns(arguments.steps)
    try:
        sheet = Sheet(arguments.steps, columns, arguments.width, arguments.caption)
    except ValueError as error:
        raise RefusedError(
            "mlpsim storyboard", f"{error}.", "Choose fewer --columns or a larger --width."
        ) from error
    storyboard_command(scene, sheet, arguments.out)


def export(arguments: argparse.Namespace) -> None:
    if arguments.torch and arguments.out.suffix.lower() != ".py":
        raise RefusedError(
            "mlpsim export", "--torch makes a script.", "Let --out end in .py, or leave it out."
        )
    from mlpsim.app import commands

    commands.export_command(
        arguments.source,
        arguments.variant,
        steps=arguments.steps,
        out=arguments.out,
        with_torch=arguments.torch,
    )


def sweep(arguments: argparse.Namespace) -> None:
    from mlpsim.app import sweep_command

    sweep_command.sweep_command(
        arguments.source,
        arguments.variant,
        axes=tuple(arguments.grid),
        seeds=arguments.seeds,
        epochs=arguments.epochs,
        steps=arguments.steps,
        workers=arguments.workers,
        dask=arguments.dask,
        out=arguments.out,
    )


def certify(arguments: argparse.Namespace) -> None:
    from mlpsim.app.certify_command import certify_command

    certify_command(
        arguments.source,
        arguments.variant,
        limits=arguments.box,
        radius=arguments.ball,
        tolerance=arguments.tol,
        absolute=arguments.absolute,
        out=arguments.json,
    )


def check(arguments: argparse.Namespace) -> int:
    from mlpsim.app import commands

    return commands.check_command(arguments.cases, arguments.engine)


def presets(arguments: argparse.Namespace) -> None:
    from mlpsim.app import commands

    commands.presets_command(arguments.file)


def panels(_arguments: argparse.Namespace) -> None:
    system.require_offscreen()
    from mlpsim.app.render import panels_command

    panels_command()


def doctor(_arguments: argparse.Namespace) -> None:
    from mlpsim.app.doctor import report

    for line in report(os.environ):
        print(line, flush=True)
