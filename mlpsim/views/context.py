"""The context: the objects that every panel is given."""

from dataclasses import dataclass, field

from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.session import Session
from mlpsim.views.appearance import Appearance
from mlpsim.views.items.overlays import Overlays


@dataclass(frozen=True)
class Context:
    """Session, player, landscape and appearance of one window, and what lies over its map."""

    session: Session
    player: Player
    landscape: Landscape
    appearance: Appearance
    overlays: Overlays = field(default_factory=Overlays)
