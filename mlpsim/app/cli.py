"""The command line: ``mlpsim [FILE|PICTURE]`` opens the window, the commands need no display."""

import argparse
import io
import os
import sys
import traceback
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import NoReturn

from mlpsim import __version__
from mlpsim.app import system
from mlpsim.app.refusal import RefusedError

DONE, REFUSED, INTERRUPTED = 0, 2, 130
LONGEST_SIDE = 16_384
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
    run.add_argument("--steps", required=True, type=_count, metavar="N", help="run to step N")
    run.add_argument("--json", required=True, metavar="OUT", help="a file, or - for the output")

    render = commands.add_parser("render", help="draw the window or one panel as PNG or PDF")
    render.set_defaults(command=_render)
    _add_source(render)
    render.add_argument("--step", required=True, type=_count, metavar="K", help="the state to draw")
    render.add_argument("--out", required=True, type=_figure, metavar="FIG.png|FIG.pdf")
    render.add_argument(
        "--panel", metavar="P", help="one panel (see mlpsim panels), not the window"
    )
    render.add_argument("--size", type=_size, metavar="WxH", help="in logical pixels")
    render.add_argument(
        "--scale", type=_scale, metavar="S", default=1.0, help="multiplies the size"
    )
    render.add_argument("--theme", choices=("light", "dark"), default="dark")

    export = commands.add_parser("export", help="write a run as a table, a script or LaTeX")
    export.set_defaults(command=_export)
    _add_source(export)
    export.add_argument(
        "--steps",
        required=True,
        type=_count,
        metavar="N",
        help="up to step N; LaTeX: step N itself",
    )
    export.add_argument("--out", required=True, type=_form, metavar="OUT.csv|.npz|.py|.tex")
    export.add_argument("--torch", action="store_true", help="a .py that uses PyTorch, not NumPy")

    certify = commands.add_parser("certify", help="print proven bounds of f* on C as JSON")
    certify.set_defaults(command=_certify)
    _add_source(certify)
    region = certify.add_mutually_exclusive_group()
    region.add_argument(
        "--box",
        type=_limits,
        metavar="LO,HI[;LO,HI…]",
        help="C as limits of all parameters, or a pair for each; else the experiment's own C",
    )
    region.add_argument("--ball", type=_not_negative, metavar="R", help="C as a ball around 0")
    certify.add_argument(
        "--tol", type=_not_negative, metavar="T", default=1e-9, help="relative to |f*|; 1e-9"
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


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 on")
    return int(text)


def _figure(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in (".png", ".pdf"):
        raise argparse.ArgumentTypeError(f"{text!r} ends neither in .png nor in .pdf")
    return path


def _form(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in (".csv", ".npz", ".py", ".tex"):
        raise argparse.ArgumentTypeError(f"{text!r} ends in none of .csv, .npz, .py and .tex")
    return path


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().replace("×", "x").partition("x")
    sides = tuple(int(side) if side.isascii() and side.isdigit() else 0 for side in (width, height))
    if not all(1 <= side <= LONGEST_SIDE for side in sides):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not WIDTHxHEIGHT with sides from 1 to {LONGEST_SIDE}, such as 1600x1000"
        )
    return sides[0], sides[1]


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 0.1 <= scale <= 10:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0.1 to 10")
    return scale


def _limits(text: str) -> tuple[tuple[float, float], ...]:
    pairs = []
    for pair in text.split(";"):
        try:
            lo, hi = (float(limit) for limit in pair.split(","))
        except ValueError:
            lo, hi = 1.0, 0.0
        if not (isfinite(lo) and isfinite(hi) and lo <= hi):
            raise argparse.ArgumentTypeError(
                f"{pair!r} is not LO,HI with two numbers LO ≤ HI, such as --box=-10,10"
            )
        pairs.append((lo, hi))
    return tuple(pairs)


def _not_negative(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (isfinite(value) and value >= 0.0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 on")
    return value


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
