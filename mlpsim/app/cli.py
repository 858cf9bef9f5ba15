"""The command line: ``mlpsim [FILE|PICTURE]`` opens the window, the commands need no display."""

import argparse
import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mlpsim import __version__
from mlpsim.app import system
from mlpsim.app.arguments import (
    axis,
    count,
    figure,
    form,
    limits,
    not_negative,
    positive,
    scale,
    size,
)
from mlpsim.app.refusal import RefusedError

DONE, REFUSED, INTERRUPTED = 0, 2, 130
LARGEST_PICTURE = 200_000_000

_DESCRIPTION = """\
A visual simulator of gradient descent on multilayer perceptrons.

mlpsim [FILE|PICTURE] opens the window: with the lecture's example, with a .mlpsim file,
with a picture that mlpsim wrote, or with a rail of slides (.json). The commands below work
without a display."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a deviation was found, 2 refused."""
    # One BLAS thread: on matrices as small as these, more of them only cost time.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = _parse(sys.argv[1:] if argv is None else argv)
        code: int = arguments.command(arguments)
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
        return _refuse(f"mlpsim: {error}.\nChoose a file that can be read, or written, there.")
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:
        traceback.print_exc()
        return _refuse("mlpsim made a mistake of its own; please report it with the lines above.")
    return code


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return REFUSED


class _Parser(argparse.ArgumentParser):
    """A parser that refuses in one message."""

    def error(self, message: str) -> NoReturn:
        raise RefusedError(self.prog, f"{message}.", f"{self.prog} --help says how it is called.")


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(
        "mlpsim",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="mlpsim [FILE|PICTURE]\n       mlpsim COMMAND …",
    )
    parser.add_argument("--version", action="version", version=f"mlpsim {__version__}")
    parser.set_defaults(command=_open, path=None)
    commands = parser.add_subparsers(
        title="commands", prog="mlpsim", metavar="COMMAND", parser_class=_Parser
    )

    run = commands.add_parser("run", help="print every state of a run as JSON")
    run.set_defaults(command=_run)
    _add_source(run)
    run.add_argument("--steps", required=True, type=count, metavar="N", help="run to step N")
    run.add_argument("--json", required=True, metavar="OUT", help="a file, or - for the output")

    render = commands.add_parser("render", help="draw the window or one panel as PNG or PDF")
    render.set_defaults(command=_render)
    _add_source(render)
    render.add_argument("--step", required=True, type=count, metavar="K", help="the state to draw")
    render.add_argument("--out", required=True, type=figure, metavar="FIG.png|FIG.pdf")
    render.add_argument(
        "--panel", metavar="P", help="one panel (see mlpsim panels), not the window"
    )
    render.add_argument("--size", type=size, metavar="WxH", help="in logical pixels")
    render.add_argument("--scale", type=scale, metavar="S", default=1.0, help="multiplies the size")
    render.add_argument("--theme", choices=("light", "dark"), default="dark")

    export = commands.add_parser("export", help="write a run as a table, a script or LaTeX")
    export.set_defaults(command=_export)
    _add_source(export)
    export.add_argument(
        "--steps",
        required=True,
        type=count,
        metavar="N",
        help="up to step N; LaTeX: step N itself",
    )
    export.add_argument("--out", required=True, type=form, metavar="OUT.csv|.npz|.py|.tex")
    export.add_argument("--torch", action="store_true", help="a .py that uses PyTorch, not NumPy")

    sweep = commands.add_parser("sweep", help="run a grid of settings and seeds into a CSV file")
    sweep.set_defaults(command=_sweep)
    _add_source(sweep)
    sweep.add_argument(
        "--grid",
        action="append",
        required=True,
        type=axis,
        metavar="AXIS=VALUE,VALUE…",
        help="eta, batch (a size, or full), loss, optimizer, momentum, l1 or l2; once for each",
    )
    sweep.add_argument("--seeds", type=positive, default=1, metavar="N", help="runs of a setting")
    length = sweep.add_mutually_exclusive_group()
    length.add_argument(
        "--epochs", type=positive, default=100, metavar="N", help="passes over the data; 100"
    )
    length.add_argument("--steps", type=positive, metavar="N", help="updates, instead of passes")
    place = sweep.add_mutually_exclusive_group()
    place.add_argument("--workers", type=positive, metavar="N", help="processes; one a core")
    place.add_argument("--dask", metavar="ADDRESS", help="of a Dask scheduler, to run there")
    sweep.add_argument("--out", required=True, type=Path, metavar="RESULTS.csv")

    certify = commands.add_parser("certify", help="print proven bounds of f* on C as JSON")
    certify.set_defaults(command=_certify)
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
    certify.add_argument("--json", required=True, metavar="OUT", help="a file, or - for the output")

    check = commands.add_parser("check", help="compare the numeric core with recorded numbers")
    check.set_defaults(command=_check)
    check.add_argument("cases", nargs="+", metavar="CASE.json")

    for name, command, text in (
        ("presets", _presets, "print the presets and their variants"),
        ("panels", _panels, "print the panels that render draws"),
        ("doctor", _doctor, "print the state of the installation"),
    ):
        commands.add_parser(name, help=text).set_defaults(command=command)

    if not words or words[0] in commands.choices or words[0].startswith("-"):
        return parser.parse_args(words)
    if len(words) > 1 or not Path(words[0]).is_file():
        raise RefusedError(
            f"mlpsim {' '.join(words)}",
            f"{words[0]} is neither a command nor a file that is to be opened.",
            f"The commands are {', '.join(commands.choices)}; mlpsim FILE opens one file.",
        )
    return argparse.Namespace(command=_open, path=Path(words[0]))


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="a preset's id (see mlpsim presets), a .mlpsim file, or a PNG that mlpsim wrote",
    )
    parser.add_argument("--variant", metavar="NAME", help="of a preset; without it, its first")


def _open(arguments: argparse.Namespace) -> int:
    system.require_window()
    from mlpsim.app import application

    return application.run(arguments.path)


def _run(arguments: argparse.Namespace) -> int:
    from mlpsim.app import commands

    return commands.run_command(
        arguments.source, arguments.variant, arguments.steps, arguments.json
    )


def _render(arguments: argparse.Namespace) -> int:
    width, height = arguments.size or (0, 0)
    if width * height * arguments.scale**2 > LARGEST_PICTURE:
        raise RefusedError(
            "mlpsim render",
            f"{width}×{height} at scale {arguments.scale:g} is more than"
            f" {LARGEST_PICTURE // 1_000_000} million pixels.",
            "Choose a smaller --size or --scale, or write a PDF, which has no pixels.",
        )
    system.require_offscreen()
    from mlpsim.app import render

    return render.render_command(
        arguments.source,
        arguments.variant,
        step=arguments.step,
        out=arguments.out,
        panel=arguments.panel,
        size=arguments.size,
        scale=arguments.scale,
        theme=arguments.theme,
    )


def _export(arguments: argparse.Namespace) -> int:
    if arguments.torch and arguments.out.suffix.lower() != ".py":
        raise RefusedError(
            "mlpsim export", "--torch makes a script.", "Let --out end in .py, or leave it out."
        )
    from mlpsim.app import commands

    return commands.export_command(
        arguments.source,
        arguments.variant,
        steps=arguments.steps,
        out=arguments.out,
        with_torch=arguments.torch,
    )


def _sweep(arguments: argparse.Namespace) -> int:
    from mlpsim.app import sweep_command

    return sweep_command.sweep_command(
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


def _certify(arguments: argparse.Namespace) -> int:
    from mlpsim.app import commands

    return commands.certify_command(
        arguments.source,
        arguments.variant,
        limits=arguments.box,
        radius=arguments.ball,
        tolerance=arguments.tol,
        absolute=arguments.absolute,
        out=arguments.json,
    )


def _check(arguments: argparse.Namespace) -> int:
    from mlpsim.app import commands

    return commands.check_command(arguments.cases)


def _presets(_arguments: argparse.Namespace) -> int:
    from mlpsim.app import commands

    return commands.presets_command()


def _panels(_arguments: argparse.Namespace) -> int:
    system.require_offscreen()
    from mlpsim.app import render

    return render.panels_command()


def _doctor(_arguments: argparse.Namespace) -> int:
    from mlpsim.app import doctor

    print(doctor.report(os.environ))
    return DONE
