"""The command line: ``mlpsim [FILE|PICTURE]`` opens the window, the commands need no display."""

import argparse
import io
import os
import shlex
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from mlpsim import __version__
from mlpsim.app import dispatch, system
from mlpsim.app.arguments import (
    axis,
    centimetres,
    columns,
    count,
    figure,
    file_name,
    film,
    form,
    limits,
    not_negative,
    positive,
    rate,
    results,
    scale,
    sheet,
    size,
    source,
    steps,
    workers,
)
from mlpsim.app.interruption import ended_as_by_ctrl_c
from mlpsim.app.parser import Parser
from mlpsim.app.refusal import RefusedError

DONE, REFUSED, INTERRUPTED = 0, 2, 130

_Add = Callable[..., argparse.ArgumentParser]  # makes the parser of a command

_DESCRIPTION = """\
A visual simulator of gradient descent on multilayer perceptrons.

mlpsim [FILE|PICTURE] opens the window: with the lecture's example, with a .mlpsim file,
with a picture that mlpsim wrote, with a rail of slides, with presets or recorded numbers
(.json), or with a table of data (.csv).
The commands below work without a display."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a deviation was found, 2 refused."""
    # One BLAS thread: on matrices as small as these, more of them only cost time.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed, or of a program without a console on Windows
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = _parse(sys.argv[1:] if argv is None else argv)
        is_command = arguments.command is not dispatch.open_window
        with ended_as_by_ctrl_c() if is_command else nullcontext():
            code: int | None = arguments.command(arguments)
        sys.stdout.flush()
    except RefusedError as refusal:
        return _refuse(str(refusal))
    except ImportError as error:
        return _refuse(str(system.refusal_of_import(error)))
    except BrokenPipeError:
        # Whoever read the pipe has gone, and so has the use of what is still buffered.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        where, why = error.filename or "mlpsim", error.strerror or error
        return _refuse(f"{where}: {why}.\nChoose a file that can be read, or written, there.")
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:
        traceback.print_exc()
        return _refuse("mlpsim made a mistake of its own; please report it with the lines above.")
    return code or DONE


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return REFUSED


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        "mlpsim",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="mlpsim [FILE|PICTURE]\n       mlpsim COMMAND …",
    )
    parser.add_argument("--version", action="version", version=f"mlpsim {__version__}")
    parser.set_defaults(command=dispatch.open_window, path=None)
    commands = parser.add_subparsers(
        title="commands", prog="mlpsim", metavar="COMMAND", parser_class=Parser
    )
    for command in _COMMANDS:
        command(commands.add_parser)
    if words and words[0] in commands.choices:
        return commands.choices[words[0]].parse(words[1:])
    if not words or words[0].startswith("-"):
        return parser.parse(words)
    if len(words) > 1 or not Path(words[0]).is_file():
        raise RefusedError(
            f"mlpsim {shlex.join(words)}",
            f"{shlex.quote(words[0])} is neither a command nor one file that is there.",
            f"The commands are {', '.join(commands.choices)}; mlpsim FILE opens one file,"
            " and Ctrl+P in the window the presets.",
        )
    return argparse.Namespace(command=dispatch.open_window, path=Path(words[0]))


def _run(add: _Add) -> None:
    run = add("run", help="print every state of a run as JSON")
    run.set_defaults(command=dispatch.run)
    _add_source(run)
    run.add_argument("--steps", required=True, type=count, metavar="N", help="run to step N")
    _add_json(run)


def _render(add: _Add) -> None:
    render = add("render", help="draw the window or one panel as PNG, PDF or SVG")
    render.set_defaults(command=dispatch.render)
    _add_scene(render)
    _add_scale(render)
    render.add_argument("--step", required=True, type=count, metavar="K", help="the state to draw")
    render.add_argument("--out", required=True, type=figure, metavar="FIG.png|.pdf|.svg")


def _animate(add: _Add) -> None:
    animate = add("animate", help="show a run as GIF, APNG or MP4")
    animate.set_defaults(command=dispatch.animate)
    _add_scene(animate)
    _add_scale(animate)
    animate.add_argument(
        "--from", dest="first", type=count, default=0, metavar="K", help="the first state; 0"
    )
    animate.add_argument("--to", required=True, type=count, metavar="N", help="the last state")
    animate.add_argument("--every", type=positive, default=1, metavar="M", help="steps a frame")
    animate.add_argument("--fps", type=rate, default=20.0, metavar="F", help="frames a second; 20")
    animate.add_argument("--out", required=True, type=film, metavar="FILM.gif|.png|.mp4")


def _storyboard(add: _Add) -> None:
    board = add("storyboard", help="draw chosen steps on one sheet, PDF or SVG")
    board.set_defaults(command=dispatch.storyboard)
    _add_scene(board, panel="surface")
    board.add_argument("--steps", required=True, type=steps, metavar="K,K…", help="such as 0,1,2,5")
    board.add_argument("--columns", type=columns, metavar="N", help="pictures in a row; 3")
    board.add_argument(
        "--width", type=centimetres, default=17.0, metavar="CM", help="of the sheet; 17"
    )
    board.add_argument("--caption", default="", metavar="TEXT", help="below the pictures")
    board.add_argument("--out", required=True, type=sheet, metavar="SHEET.pdf|.svg")


def _export(add: _Add) -> None:
    export = add("export", help="write a run as a table, a script or LaTeX")
    export.set_defaults(command=dispatch.export)
    _add_source(export)
    export.add_argument(
        "--steps",
        required=True,
        type=count,
        metavar="N",
        help="up to step N; LaTeX: step N itself; JSON: a preset of N steps",
    )
    export.add_argument("--out", required=True, type=form, metavar="OUT.csv|.npz|.py|.tex|.json")
    export.add_argument("--torch", action="store_true", help="a .py that uses PyTorch, not NumPy")


def _sweep(add: _Add) -> None:
    sweep = add("sweep", help="run a grid of settings and seeds into a CSV file")
    sweep.set_defaults(command=dispatch.sweep)
    _add_source(sweep)
    sweep.add_argument(
        "--grid",
        action="append",
        required=True,
        type=axis,
        metavar="AXIS=VALUE,VALUE…",
        help="eta, batch (a size, or full), loss, optimizer, momentum, start, l1 or l2;"
        " once for each",
    )
    sweep.add_argument("--seeds", type=positive, default=1, metavar="N", help="runs of a setting")
    length = sweep.add_mutually_exclusive_group()
    length.add_argument(
        "--epochs", type=positive, default=100, metavar="N", help="passes over the data; 100"
    )
    length.add_argument("--steps", type=positive, metavar="N", help="updates, instead of passes")
    place = sweep.add_mutually_exclusive_group()
    place.add_argument("--workers", type=workers, metavar="N", help="processes; one a core")
    place.add_argument("--dask", metavar="ADDRESS", help="of a Dask scheduler, to run there")
    sweep.add_argument("--out", required=True, type=results, metavar="RESULTS.csv")


def _certify(add: _Add) -> None:
    certify = add("certify", help="print proven bounds of f* on C as JSON")
    certify.set_defaults(command=dispatch.certify)
    _add_source(certify)
    region = certify.add_mutually_exclusive_group()
    region.add_argument(
        "--box",
        type=limits,
        metavar="LO,HI[;LO,HI…]",
        help="C as limits of all parameters, or a pair for each; else the experiment's own C",
    )
    region.add_argument("--ball", type=not_negative, metavar="R", help="C as a ball around 0")
    certify.add_argument(
        "--tol", type=not_negative, metavar="T", default=1e-9, help="relative to |f*|; 1e-9"
    )
    certify.add_argument("--absolute", action="store_true", help="the tolerance is absolute")
    _add_json(certify)


def _check(add: _Add) -> None:
    check = add(
        "check",
        help="compare the numeric core with recorded numbers: cases, presets, optima, draws",
    )
    check.set_defaults(command=dispatch.check)
    check.add_argument("cases", nargs="+", type=file_name, metavar="NUMBERS.json")
    check.add_argument(
        "--engine", choices=("numpy", "numba"), default="numpy", help="what makes the runs; numpy"
    )


def _presets(add: _Add) -> None:
    presets = add("presets", help="print the presets and their variants, or those in a file")
    presets.set_defaults(command=dispatch.presets)
    presets.add_argument("file", nargs="?", type=file_name, metavar="FILE.json")


def _reports(add: _Add) -> None:
    for name, command, text in (
        ("panels", dispatch.panels, "print the panels that render draws"),
        ("doctor", dispatch.doctor, "print the state of the installation"),
    ):
        add(name, help=text).set_defaults(command=command)


def _add_scene(parser: argparse.ArgumentParser, panel: str | None = None) -> None:
    _add_source(parser)
    parser.add_argument(
        "--panel", metavar="P", default=panel, help="one panel (see mlpsim panels), not the window"
    )
    parser.add_argument("--size", type=size, metavar="WxH", help="in logical pixels")
    parser.add_argument("--theme", choices=("light", "dark"), default="dark")


def _add_scale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scale", type=scale, metavar="S", default=1.0, help="multiplies the size")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        required=True,
        type=file_name,
        metavar="OUT",
        help="a file, or - for the output",
    )


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        type=source,
        metavar="SOURCE",
        help="a preset's id (see mlpsim presets), a .mlpsim file, a PNG that mlpsim wrote,"
        " or a .json of presets or recorded numbers",
    )
    parser.add_argument(
        "--variant", metavar="NAME", help="of a preset or a .json; without it, its first"
    )


_COMMANDS = (
    *(_run, _render, _animate, _storyboard, _export, _sweep),
    *(_certify, _check, _presets, _reports),
)
