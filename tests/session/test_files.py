"""Files: saved whole or not at all, opened strictly, carried in pictures."""

import errno
import os
import stat
import struct
import threading
import tracemalloc
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.codec import DocumentError, encode
from mlpsim.core.files.document import new_document
from mlpsim.core.optimizers import GradientDescent
from mlpsim.session import files, picture
from mlpsim.session.files import open_document, save, write_whole
from mlpsim.session.picture import embed, extract

DOCUMENT = new_document(lecture_experiment())
OTHER = new_document(replace(lecture_experiment(), optimizer=GradientDescent(0.7)))


def png(info=None) -> bytes:
    pixels = np.arange(12 * 20 * 3, dtype=np.uint8).reshape(12, 20, 3)
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(data: bytes, kind: bytes, body: bytes) -> bytes:
    """The picture with one more chunk after its header."""
    return data[:33] + chunk(kind, body) + data[33:]


# -- documents -------------------------------------------------------------------------------------


def test_saved_and_opened_again(tmp_path) -> None:
    path = tmp_path / "Übung 1.mlpsim"
    save(DOCUMENT, path)
    assert open_document(path) == DOCUMENT
    save(OTHER, path)
    assert open_document(path) == OTHER
    assert os.listdir(tmp_path) == [path.name]


def test_a_save_that_was_cancelled_leaves_the_old_file(tmp_path) -> None:
    path = tmp_path / "a.mlpsim"
    save(DOCUMENT, path)
    save(OTHER, path, lambda: True)
    assert open_document(path) == DOCUMENT


def test_the_longest_file_name_is_saved(tmp_path) -> None:
    path = tmp_path / ("x" * 248 + ".mlpsim")
    save(DOCUMENT, path)
    assert open_document(path) == DOCUMENT


def test_permissions_and_links_stay(tmp_path) -> None:
    path, link = tmp_path / "a.mlpsim", tmp_path / "link.mlpsim"
    save(DOCUMENT, path)
    assert not path.stat().st_mode & stat.S_IXUSR
    path.chmod(0o640)
    link.symlink_to(path)
    save(OTHER, link)
    assert link.is_symlink()
    assert open_document(path) == OTHER
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def no_room(*_arguments) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, name) -> None:
    path = tmp_path / "a.mlpsim"
    save(DOCUMENT, path)
    monkeypatch.setattr(files.os, name, no_room)
    with pytest.raises(DocumentError) as caught:
        save(OTHER, path)
    monkeypatch.undo()
    assert caught.value.what == "It cannot be written: No space left on device"
    assert caught.value.where == str(path)
    assert "unchanged" in caught.value.what_to_do
    assert open_document(path) == DOCUMENT
    assert os.listdir(tmp_path) == [path.name]


def test_a_short_write_is_noticed(tmp_path) -> None:
    class Short(bytes):
        """Bytes that claim to be more than they are."""

        def __len__(self) -> int:
            return super().__len__() + 1

    path = tmp_path / "a.mlpsim"
    save(DOCUMENT, path)
    with pytest.raises(DocumentError, match="only 3 of 4 bytes arrived"):
        write_whole(path, [Short(b"abc")])
    assert open_document(path) == DOCUMENT


def test_a_disk_that_takes_no_more_is_told(tmp_path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.mlpsim"
    save(DOCUMENT, path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(DocumentError, match="File too large"):
            save(OTHER, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert open_document(path) == DOCUMENT
    assert os.listdir(tmp_path) == [path.name]


def test_an_interruption_leaves_the_old_file(tmp_path) -> None:
    path = tmp_path / "a.mlpsim"
    save(DOCUMENT, path)

    def pieces():
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(path, pieces())
    assert open_document(path) == DOCUMENT
    assert os.listdir(tmp_path) == [path.name]


def test_a_folder_that_does_not_exist_is_told(tmp_path) -> None:
    with pytest.raises(DocumentError, match="No such file or directory"):
        save(DOCUMENT, tmp_path / "nowhere" / "a.mlpsim")


def test_what_is_no_ordinary_file_is_not_replaced(tmp_path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(DocumentError, match="not an ordinary file") as caught:
            save(DOCUMENT, path)
        assert (caught.value.where, caught.value.what_to_do) == (str(path), "Choose a file.")
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["link", "pipe"]


def test_a_file_that_is_protected_is_not_replaced(tmp_path) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(b"mine")
    path.chmod(0o444)
    if os.access(path, os.W_OK):
        pytest.skip("who may write everything is not kept out")
    with pytest.raises(DocumentError, match="It cannot be written: it is protected"):
        write_whole(path, [b"other"])
    assert path.read_bytes() == b"mine"
    assert [*tmp_path.iterdir()] == [path]


def test_a_system_that_opens_no_folders_is_no_failure(tmp_path, monkeypatch) -> None:
    real_open = os.open

    def open_files_only(path, *arguments):
        if Path(path).is_dir():
            raise PermissionError
        return real_open(path, *arguments)

    monkeypatch.setattr(files.os, "open", open_files_only)
    save(DOCUMENT, tmp_path / "a.mlpsim")
    assert open_document(tmp_path / "a.mlpsim") == DOCUMENT


def test_what_is_no_ordinary_file_is_refused_without_waiting(tmp_path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/zero"), tmp_path / "missing"):
        with pytest.raises(DocumentError) as caught:
            open_document(path)
        assert caught.value.where == str(path)
        assert caught.value.what_to_do


def test_more_than_can_be_opened_is_not_read(tmp_path) -> None:
    path = tmp_path / "large.mlpsim"
    with path.open("wb") as file:
        file.truncate(10 * 2**30)
    tracemalloc.start()
    with pytest.raises(DocumentError, match="more than 64 MiB"):
        open_document(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200 * 2**20


def test_saves_from_many_threads_leave_one_whole_file(tmp_path) -> None:
    path = tmp_path / "a.mlpsim"
    threads = [
        threading.Thread(target=save, args=(document, path)) for document in [DOCUMENT, OTHER] * 8
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert open_document(path) in (DOCUMENT, OTHER)
    assert os.listdir(tmp_path) == [path.name]


# -- pictures --------------------------------------------------------------------------------------


def test_a_picture_carries_the_document_and_keeps_its_pixels(tmp_path) -> None:
    carried = embed(png(), DOCUMENT)
    assert extract(carried) == DOCUMENT
    before, after = Image.open(BytesIO(png())), Image.open(BytesIO(carried))
    after.load()
    assert before.tobytes() == after.tobytes()
    assert after.info["mlpsim"].encode() == encode(DOCUMENT)
    path = tmp_path / "figure.png"
    path.write_bytes(carried)
    assert open_document(path) == DOCUMENT


def test_a_second_document_takes_the_place_of_the_first() -> None:
    carried = embed(embed(png(), DOCUMENT), OTHER)
    assert extract(carried) == OTHER
    assert len(carried) < len(embed(png(), OTHER)) + 10


def test_other_texts_in_a_picture_are_kept() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Title", "Vorlesung")
    info.add_text("mlpsimilar", "x")
    carried = Image.open(BytesIO(embed(png(info), DOCUMENT)))
    assert carried.info["Title"] == "Vorlesung"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "not a PNG"),
        (b"GIF89a", "not a PNG"),
        (png(), "holds no experiment"),
        (png()[:-5], "ends in the middle"),
        (png()[:40], "ends in the middle"),
        (picture.SIGNATURE, "ends in the middle"),
        (picture.SIGNATURE + struct.pack(">I4s", 2**32 - 1, b"IHDR") + b"\0" * 20, "middle"),
        (embed(png(), DOCUMENT).replace(b"iTXt", b"iTXu", 1), "damaged"),
        (with_chunk(png(), b"iTXt", b"mlpsim\0\1\0\0\0no zlib"), "text is damaged"),
        (
            with_chunk(png(), b"iTXt", b"mlpsim\0\1\0\0\0" + zlib.compress(b"{}" * 99)[:-9]),
            "text ends in the middle",
        ),
        (with_chunk(png(), b"iTXt", b"mlpsim\0\0\0\0\0{}"), "not written by mlpsim"),
        (with_chunk(png(), b"iTXt", b"mlpsim\0"), "not written by mlpsim"),
        (
            with_chunk(embed(png(), DOCUMENT), b"iTXt", b"mlpsim\0\1\0\0\0" + zlib.compress(b"")),
            "not written by mlpsim",
        ),
        (with_chunk(png(), b"iTXt", b"mlpsim\0\1\0\0\0" + zlib.compress(b"{}")), "not a document"),
        (with_chunk(png(), b"iTXt", b"mlpsim\0\1\0\0\0" + zlib.compress(b"")), "empty"),
    ],
)
def test_a_picture_without_a_sound_document_is_refused(data, what) -> None:
    with pytest.raises(DocumentError) as caught:
        extract(data)
    assert what in caught.value.what
    assert caught.value.what_to_do


def test_a_bomb_is_not_unpacked() -> None:
    stream = zlib.compressobj(1)
    body = b"".join(stream.compress(b"0" * 2**24) for _ in range(20)) + stream.flush()
    bomb = with_chunk(png(), b"iTXt", b"mlpsim\0\1\0\0\0" + body)
    tracemalloc.start()
    with pytest.raises(DocumentError, match="67108864 are possible"):
        extract(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200 * 2**20


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_flipped_byte_never_gives_another_document(place, change) -> None:
    data = bytearray(embed(png(), DOCUMENT))
    data[place % len(data)] ^= change
    with pytest.raises(DocumentError):
        extract(bytes(data))


def test_something_that_is_no_picture_carries_nothing() -> None:
    with pytest.raises(DocumentError, match="not a PNG"):
        embed(b"not a picture", DOCUMENT)
