"""Strict JSON: read within limits and exactly as written, or refused with the place and advice."""

import re
from io import BytesIO
from typing import NoReturn, TypeVar
from unicodedata import category

import msgspec

from mlpsim.core.files.known_values import known_values
from mlpsim.core.told import ToldError

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 12
MAX_ENTRIES = 100_000  # of one array
MAX_ARRAYS = 1_000_000
MAX_KEYS = 100  # of one object

MEND = "Mend that place in a text editor, or open an earlier copy."
COPY_AGAIN = "Copy or download it again, or open an earlier copy."
SAVE_AS_TEXT = "Save it as UTF-8 in a text editor, or open an earlier copy."

_SPACE = re.compile(rb"[ \t\n\r]*+")
# WORKAROUND: before Python 3.11.5 a group that fails half-way keeps that half under a possessive
# quantifier, unless it is atomic itself: https://github.com/python/cpython/issues/106052
_NUMBER = rb"(?>-?(?:0|[1-9][0-9]*+)(?:(?>\.[0-9]++))?+(?:(?>[eE][-+]?[0-9]++))?+)"
_SCALAR = re.compile(rb"(?:%b|true|false|null)(?=[,\]}\s]|\Z)" % _NUMBER)
_ROW = re.compile(rb"\[\s*+(?:(?>%b\s*+(?:(?>,\s*+%b\s*+))*+))?+\]" % (_NUMBER, _NUMBER))
_STRING = re.compile(rb'"[^"\\\x00-\x1f]*+(?:(?>\\.[^"\\\x00-\x1f]*+))*+"')
_NOT_FINITE = re.compile(rb"[-+]?(?:nan|inf(?:inity)?)\b", re.IGNORECASE)

Read = TypeVar("Read")


class DocumentError(ToldError):
    """What is wrong with a file, where in it (``$.data.x[3][1]``), and what to do about it."""

    def __init__(self, what: str, where: str = "$", what_to_do: str = MEND) -> None:
        self.what = _plain(what)
        self.where = _plain(where)
        self.what_to_do = what_to_do
        super().__init__(f"{self.what} (at {self.where}). {what_to_do}")


def _plain(text: str) -> str:
    """The text without control and format signs, which a hostile file could send to a terminal."""
    return "".join("?" if category(sign)[0] == "C" else sign for sign in text)


def scan(data: bytes) -> bytes:
    """The JSON text, without a byte order mark, once its form and its sizes are found in order.

    Allocates next to nothing. DocumentError for a syntax error, a number that is not finite, a key
    given twice, or anything beyond the limits.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"It has {len(data)} bytes; {MAX_BYTES} are possible",
            what_to_do="Use fewer samples or a shorter log.",
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    _check_text(data)
    _Scanner(data).document()
    return data


def _check_text(data: bytes) -> None:
    """DocumentError unless the bytes are text in UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError("It is text in UTF-16, not in UTF-8", what_to_do=SAVE_AS_TEXT)
    if b"\0" in data:
        raise DocumentError("The file is no text", what_to_do=COPY_AGAIN)
    for line, text in enumerate(() if data.isascii() else BytesIO(data), start=1):
        try:
            text.decode()
        except UnicodeDecodeError as error:
            what = f"Line {line} is not text in UTF-8"
            raise DocumentError(what, what_to_do=SAVE_AS_TEXT) from error


def decode_as(data: bytes | msgspec.Raw, kind: type[Read], where: str = "$") -> Read:
    """Scanned JSON as a value of that type; DocumentError names the first place that differs."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as error:
        what, _, place = str(error).partition(" - at `$")
        what, place = what.replace("`", ""), place.removesuffix("`")
        refused = what.removeprefix("Invalid enum value ").removeprefix("Invalid value ")
        known = known_values(kind, place) if refused != what else ()
        if known:
            what = f"{refused} is none of {', '.join(known)}"
        raise DocumentError(what, where + place) from error


class _Scanner:
    """One pass over a JSON text that keeps nothing but its place and the keys of open objects."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._arrays = 0

    def document(self) -> None:
        self._value("$", 0)
        self._skip(_SPACE)
        if self._at < len(self._data):
            self._refuse("$")

    def _value(self, where: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise DocumentError(f"It is nested more than {MAX_DEPTH} deep", where)
        self._skip(_SPACE)
        if self._next(b"{"):
            self._object(where, depth)
        elif self._next(b"["):
            self._array(where, depth)
        elif not (self._skip(_STRING) or self._skip(_SCALAR)):
            self._refuse(where)

    def _array(self, where: str, depth: int) -> None:
        self._arrays += 1
        if self._arrays > MAX_ARRAYS:
            raise DocumentError(f"It has more than {MAX_ARRAYS} arrays", where)
        first = self._at
        if self._skip(_ROW):
            self._check_entries(self._data.count(b",", first, self._at) + 1, where)
            return
        self._at += 1
        index = 0
        while True:
            self._check_entries(index + 1, where)
            self._value(f"{where}[{index}]", depth + 1)
            if self._ends(b"]", f"{where}[{index + 1}]"):
                return
            index += 1

    def _check_entries(self, entries: int, where: str) -> None:
        if entries > MAX_ENTRIES:
            raise DocumentError(f"It has more than {MAX_ENTRIES} entries", where)

    def _object(self, where: str, depth: int) -> None:
        self._at += 1
        self._skip(_SPACE)
        if self._next(b"}"):
            self._at += 1
            return
        keys: set[str] = set()
        while True:
            self._skip(_SPACE)
            first = self._at
            if not self._skip(_STRING):
                self._refuse(where)
            key = decode_as(self._data[first : self._at], str, where)
            place = f"{where}.{key[:40]}"
            if key in keys:
                raise DocumentError("The key is given twice", place)
            keys.add(key)
            if len(keys) > MAX_KEYS:
                raise DocumentError(f"It has more than {MAX_KEYS} keys", where)
            self._skip(_SPACE)
            if not self._next(b":"):
                self._refuse(place)
            self._at += 1
            self._value(place, depth + 1)
            if self._ends(b"}", where):
                return

    def _ends(self, closer: bytes, where: str) -> bool:
        """Whether the closing bracket stands here; else a comma has to."""
        self._skip(_SPACE)
        if not (self._next(closer) or self._next(b",")):
            self._refuse(where)
        self._at += 1
        return self._data[self._at - 1 : self._at] == closer

    def _next(self, text: bytes) -> bool:
        return self._data.startswith(text, self._at)

    def _skip(self, pattern: re.Pattern[bytes]) -> bool:
        found = pattern.match(self._data, self._at)
        if found:
            self._at = found.end()
        return found is not None

    def _refuse(self, where: str) -> NoReturn:
        if self._at >= len(self._data):
            what = "The file ends in the middle" if self._data else "The file is empty"
            raise DocumentError(what, where, COPY_AGAIN)
        if found := _NOT_FINITE.match(self._data, self._at):
            raise DocumentError(f"{found.group().decode()} is not a finite number", where)
        line = self._data.count(b"\n", 0, self._at) + 1
        text = self._data[self._at : self._at + 12].decode(errors="replace").split()
        raise DocumentError(f"Line {line} is not JSON from '{''.join(text[:1])}' on", where)
