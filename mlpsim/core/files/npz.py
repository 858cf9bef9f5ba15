"""NumPy archives of arrays too long for memory: they grow in files, and are written in pieces."""

from collections.abc import Iterator, Mapping
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from numpy.lib import format as npy

from mlpsim.core.arrays import Array, Indices

PIECE = 2**16  # bytes


class Rows:
    """An array (n, *shape) that grows by rows in a file of its own, open for this alone."""

    def __init__(self, file: IO[bytes], kind: type, shape: tuple[int, ...] = ()) -> None:
        self._file, self._dtype, self._shape = file, np.dtype(kind), shape
        self._count = 0

    def append(self, rows: Array | Indices) -> None:
        """Add rows (m, *shape)."""
        self._count += len(rows)
        self._file.write(np.asarray(rows, self._dtype).tobytes())

    def pieces(self) -> Iterator[bytes]:
        """The data behind the header of a .npy file."""
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece

    @property
    def header(self) -> dict[str, object]:
        """What stands in the header of a .npy file."""
        shape = (self._count, *self._shape)
        return {"descr": self._dtype.str, "fortran_order": False, "shape": shape}


def archive(arrays: Mapping[str, Rows | np.ndarray]) -> Iterator[bytes]:
    """The pieces of a compressed .npz file with these arrays."""
    out = _Pieces()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        for name, array in arrays.items():
            with file.open(f"{name}.npy", "w", force_zip64=True) as member:
                if isinstance(array, Rows):
                    npy.write_array_header_1_0(member, array.header)
                    for piece in array.pieces():
                        member.write(piece)
                        yield out.taken()
                else:
                    npy.write_array(member, array, allow_pickle=False)
            yield out.taken()
    yield out.taken()


class _Pieces:
    """A file that hands on what is written to it."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._written.append(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        """What was written since this was asked last."""
        written, self._written = b"".join(self._written), []
        return written
