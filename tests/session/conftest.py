"""What tests of the session start from."""

from collections.abc import Iterator

import pytest

from mlpsim.core import work
from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.session import Session


@pytest.fixture
def session(qapp: object) -> Iterator[Session]:
    """The lecture's example at its start."""
    session = Session()
    yield session
    session.end()


@pytest.fixture
def player(session: Session) -> Player:
    return Player(session, session)


@pytest.fixture
def landscape(session: Session) -> Landscape:
    return Landscape(session, session)


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a few samples were many."""
    monkeypatch.setattr(work, "DEAR", 0)
