"""Files: documents saved whole or not at all, opened strictly, and carried inside pictures."""

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from mlpsim.core.files.document import Document
from mlpsim.core.files.strict_json import MAX_BYTES, DocumentError
from mlpsim.session.picture import SIGNATURE, extract

MAX_PICTURE_BYTES = 4 * MAX_BYTES
OLD_IS_KEPT = (
    "What was there before is unchanged. Choose another folder, or make room, and try again."
)
SUFFIX = ".mlpsim"


def save(document: Document, path: Path, cancelled: Callable[[], bool] = lambda: False) -> None:
    """Write the document to a file; DocumentError if it could not be, the old file being intact.

    It is intact too if the saving is cancelled before the file is written.
    """
    from mlpsim.core.files.codec import encode

    data = encode(document)
    if not cancelled():
        write_whole(path, [data])


def open_document(path: Path) -> Document:
    """The document in a ``.mlpsim`` file or in a picture; DocumentError says why there is none."""
    return document_in(read_whole(path))


def document_in(data: bytes) -> Document:
    """The document in the bytes of such a file; DocumentError says why there is none."""
    from mlpsim.core.files.codec import decode

    return extract(data) if data.startswith(SIGNATURE) else decode(data)


def read_whole(path: Path) -> bytes:
    """The bytes of an ordinary file of a size that can be opened; else DocumentError."""
    try:
        # A pipe without a writer would block for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise DocumentError("It is not an ordinary file", str(path), "Choose a file.")
            head = file.read(len(SIGNATURE))
            limit = MAX_PICTURE_BYTES if head == SIGNATURE else MAX_BYTES
            data = head + file.read(limit + 1 - len(head))
    except OSError as error:
        raise DocumentError(
            f"It cannot be read: {_reason(error)}", str(path), "Choose another file."
        ) from error
    if len(data) > limit:
        raise DocumentError(
            f"It has more than {limit // 2**20} MiB", str(path), "Choose another file."
        )
    return data


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file so that there is at any time the whole old one or the whole new one.

    The pieces go to a temporary file beside it, whose bytes are counted and forced to the disk
    before it takes the name. DocumentError if anything fails; the old file is then intact.
    """
    # Through a link, the file it points to is written and the link stays.
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name[:200]}.{os.urandom(4).hex()}.part")
    try:
        if target.exists() and not (target.is_file() or target.is_dir()):
            raise DocumentError("It is not an ordinary file", str(path), "Choose a file.")
        try:
            _write_synced(temporary, pieces, _mode_of(target))
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise DocumentError(
            f"It cannot be written: {_reason(error)}", str(path), OLD_IS_KEPT
        ) from error


def _write_synced(path: Path, pieces: Iterable[bytes], mode: int | None) -> None:
    count = 0
    with open(path, "xb") as file:
        if mode is not None:
            os.chmod(path, mode)
        for piece in pieces:
            file.write(piece)
            count += len(piece)
        file.flush()
        os.fsync(file.fileno())
    if (size := path.stat().st_size) != count:
        raise OSError(f"only {size} of {count} bytes arrived")


def _mode_of(path: Path) -> int | None:
    """The permissions of the file that is replaced, or None; OSError if it may not be."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if not os.access(path, os.W_OK):
        raise OSError("it is protected against writing")
    return stat.S_IMODE(mode)


def _sync_folder(folder: Path) -> None:
    """Force the new name to the disk, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        # Windows opens no folders; the file itself is safe.
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
