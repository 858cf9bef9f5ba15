"""The parser of the command line: it refuses in one message, and says which option was meant."""

import argparse
import re
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import NoReturn

from mlpsim.app.refusal import RefusedError


class Parser(argparse.ArgumentParser):
    """A parser that refuses in one message."""

    words: Sequence[str] = ()

    def parse(self, words: Sequence[str]) -> argparse.Namespace:
        """The arguments that the words give; RefusedError if they cannot be understood."""
        self.words = words
        # WORKAROUND https://github.com/python/cpython/issues/109475: "--" as a value is lost.
        for word in words:
            if re.fullmatch("--[^=]+=--", word):
                self.error(f"argument {word[:-3]}: '--' is no value")
        return self.parse_args(words)

    def error(self, message: str) -> NoReturn:
        options = [*self._option_string_actions]
        hint = _about_minus(self.words) if message.endswith("expected one argument") else ""
        unknown = "" if hint else _unknown_option(self.words, options)
        if unknown:
            message, hint = f"there is no option {unknown}", _about_options(unknown, options)
        advice = f"{hint}{self.prog} --help says how it is called."
        raise RefusedError(self.prog, f"{message}.", advice)


def _about_minus(words: Sequence[str]) -> str:
    """How a value that was taken for an option is written, if there is one."""
    for option, value in pairwise(words):
        if re.match("--[^=]+$", option) and re.match("-[^-h]", value):
            return f"A value with a minus in front stands behind =, as in {option}={value}. "
    return ""


def _unknown_option(words: Sequence[str], options: Sequence[str]) -> str:
    """The first word that is to be an option and is none, nor the beginning of one."""
    for word in words:
        name = word.partition("=")[0]
        if name == "--":
            break
        is_option = re.fullmatch(r"--?[^\W\d][\w-]*", name)
        if is_option and not any(option.startswith(name) for option in options):
            return name
    return ""


def _about_options(unknown: str, options: Sequence[str]) -> str:
    """Which option was probably meant, or all there are."""
    named = [option for option in options if option.startswith("--")]
    (near,) = get_close_matches(f"--{unknown.lstrip('-').lower()}", named, 1) or [""]
    return f"Perhaps {near} is meant. " if near else f"Its options are {', '.join(named)}. "
