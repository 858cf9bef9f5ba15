"""The document inside a PNG: a compressed iTXt chunk beside the pixels (PNG 1.2, 4.2.3.3)."""

import struct
import zlib
from collections.abc import Iterator

from mlpsim.core.files.document import Document
from mlpsim.core.files.strict_json import COPY_AGAIN, MAX_BYTES, DocumentError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"mlpsim"
# keyword, compressed, method 0, no language, no translated keyword
_TEXT_HEAD = KEYWORD + b"\0" + b"\1\0" + b"\0" + b"\0"
OTHER_PICTURE = "Choose a picture that mlpsim wrote, or the .mlpsim file."


def embed(png: bytes, document: Document) -> bytes:
    """The same picture with the document in it, in place of one that it held."""
    from mlpsim.core.files.codec import encode

    chunk = _chunk(b"iTXt", _TEXT_HEAD + zlib.compress(encode(document), 9))
    kept = [_chunk(kind, body) for kind, body in _chunks(png) if not _holds(kind, body)]
    # After the header, so that a reader need not pass the pixels first.
    return b"".join([SIGNATURE, kept[0], chunk, *kept[1:]])


def extract(png: bytes) -> Document:
    """The document in a picture; DocumentError if there is none, or it is damaged or too large."""
    found = [body for kind, body in _chunks(png) if _holds(kind, body)]
    if not found:
        raise DocumentError("The picture holds no experiment", "the PNG", OTHER_PICTURE)
    if len(found) > 1 or not found[0].startswith(_TEXT_HEAD):
        raise DocumentError(
            "The picture's text was not written by mlpsim", "the PNG", OTHER_PICTURE
        )
    from mlpsim.core.files.codec import decode

    return decode(_inflated(found[0][len(_TEXT_HEAD) :]))


def _holds(kind: bytes, body: bytes) -> bool:
    return kind == b"iTXt" and body.startswith(KEYWORD + b"\0")


def _inflated(body: bytes) -> bytes:
    """The text of at most ``MAX_BYTES``, however far the bytes would go on."""
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise DocumentError("The picture's text is damaged", "the PNG", COPY_AGAIN) from error
    if len(text) <= MAX_BYTES and not stream.eof:
        raise DocumentError("The picture's text ends in the middle", "the PNG", COPY_AGAIN)
    return text


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of every chunk, each with the right checksum, from IHDR to IEND."""
    if not png.startswith(SIGNATURE):
        raise DocumentError("This is not a PNG", "the PNG", OTHER_PICTURE)
    at, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        if len(png) < at + 12:
            raise DocumentError("The picture ends in the middle", f"byte {at}", COPY_AGAIN)
        length, kind = struct.unpack_from(">I4s", png, at)
        end = at + 8 + length
        if len(png) < end + 4:
            raise DocumentError("The picture ends in the middle", f"byte {at}", COPY_AGAIN)
        body = png[at + 8 : end]
        if _checksum(kind, body) != struct.unpack_from(">I", png, end)[0]:
            raise DocumentError("The picture is damaged", f"byte {at}", COPY_AGAIN)
        yield kind, body
        at = end + 4


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", _checksum(kind, body))


def _checksum(kind: bytes, body: bytes) -> int:
    return zlib.crc32(body, zlib.crc32(kind))
