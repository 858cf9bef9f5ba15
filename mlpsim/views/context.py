"""The context: the objects that every panel is given."""

from dataclasses import dataclass

from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.session import Session
from mlpsim.views.appearance import Appearance


@dataclass(frozen=True)
class Context:
    """Session, player, landscape and appearance of one window."""

    session: Session
    player: Player
    landscape: Landscape
    appearance: Appearance
