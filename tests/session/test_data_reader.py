"""The data reader: files read aside, refused by name, and dropped on request."""

import pytest

from mlpsim.core.tables import csv_table
from mlpsim.core.tables.csv_table import read_csv
from mlpsim.session.data_reader import DataReader, ReadJob
from tests.failures import out_of_memory


@pytest.fixture
def reader(qtbot):
    reader = DataReader()
    yield reader
    reader.errand.stop()


def test_a_file_is_read_and_handed_over(reader, qtbot, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("a,kind\n1,red\n2,blue\n", encoding="utf-8")
    with qtbot.waitSignal(reader.finished) as answer:
        reader.read(path)
        assert reader.errand.share is not None
    assert reader.errand.share is None
    assert answer.args[0] == path
    assert answer.args[1].columns[1].words == ("red", "blue")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "it cannot be read"),
        (b"1;2\n3\n", "row 2: it has 1 column, expected 2"),
        (b"1;\xe4\n", "row 1: byte 3 is not UTF-8"),
    ],
)
def test_what_is_wrong_is_said(reader, qtbot, tmp_path, content, said):
    path = tmp_path / "data.csv"
    if content is not None:
        path.write_bytes(content)
    with qtbot.waitSignal(reader.refused) as refused:
        reader.read(path)
    assert refused.args[0] == path
    assert said in refused.args[1]
    assert said in str(ReadJob(path).run(lambda: False))


def test_a_failure_that_nobody_thought_of_is_a_refusal_too(reader, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "data.csv"
    path.write_text("1,2\n")
    monkeypatch.setattr(csv_table, "read_csv", out_of_memory)
    with qtbot.waitSignal(reader.refused) as refused:
        reader.read(path)
    assert "MemoryError: no room" in refused.args[1]
    assert reader.errand.share is None


def test_a_job_stops_between_chunks_when_it_is_cancelled(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("1,2\n" * (5 * csv_table.CHUNK))
    job = ReadJob(path)
    assert job.run(lambda: True) is None
    assert 0.0 < job.progress.share < 0.5
    assert len(job.run(lambda: False)) == 5 * csv_table.CHUNK
    assert job.progress.share == 1.0


def test_nothing_comes_of_a_file_that_was_dropped(reader, qtbot, tmp_path):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("1,2\n" * (4 * csv_table.CHUNK))
    second.write_text("5,6\n")
    reader.errand.cancel()
    heard = []
    reader.finished.connect(lambda path, table: heard.append(path))
    reader.read(first)
    reader.errand.cancel()
    assert reader.errand.share is None
    with qtbot.waitSignal(reader.finished):
        reader.read(second)
    assert heard == [second]


def test_the_share_that_is_read_is_told(reader, qtbot, tmp_path, monkeypatch):
    slow = []

    def crawl(text, progress, cancelled):
        progress(0.25)
        while not slow and not cancelled():
            pass
        return read_csv(text, progress, cancelled)

    monkeypatch.setattr(csv_table, "read_csv", crawl)
    path = tmp_path / "data.csv"
    path.write_text("1,2\n")
    with qtbot.waitSignal(reader.progressed, check_params_cb=lambda share: share == 0.25):
        reader.read(path)
    with qtbot.waitSignal(reader.finished):
        slow.append(True)


def test_a_reader_that_was_never_asked_has_nothing_to_stop(qtbot):
    reader = DataReader()
    reader.errand.stop()
    assert reader.errand.share is None
