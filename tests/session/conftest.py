"""What tests of the session start from."""

from collections.abc import Iterator

import pytest

from mlpsim.core import work
from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.session import Session


@pytest.fixture
def session(qapp: object) -> Session:
    """The lecture's example at its start."""
    return Session()


@pytest.fixture
def player(session: Session) -> Iterator[Player]:
    player = Player(session)
    yield player
    player.stop()


@pytest.fixture
def landscape(session: Session) -> Iterator[Landscape]:
    landscape = Landscape(session, session)
    yield landscape
    landscape.stop()


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a few samples were many."""
    monkeypatch.setattr(work, "DEAR", 0)
