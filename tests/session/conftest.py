"""What tests of the session start from."""

from collections.abc import Callable, Iterator

import pytest

from mlpsim.core.experiment import Experiment
from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.session import Session
from tests.runs import trained


@pytest.fixture
def session(qapp: object) -> Iterator[Session]:
    """The lecture's example at its start."""
    session = Session()
    yield session
    session.end()


@pytest.fixture
def open_session(qapp: object) -> Iterator[Callable[..., Session]]:
    """Opens sessions with runs of so many steps, and ends them."""
    opened: list[Session] = []

    def open_one(experiment: Experiment, steps: int = 0) -> Session:
        opened.append(Session(trained(experiment, steps)))
        return opened[-1]

    yield open_one
    for session in opened:
        session.end()


@pytest.fixture
def player(session: Session) -> Player:
    return Player(session, session)


@pytest.fixture
def landscape(session: Session) -> Landscape:
    return Landscape(session, session)
