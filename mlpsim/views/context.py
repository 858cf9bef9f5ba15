"""The context: the objects that every panel is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from mlpsim.session.appraiser import Appraiser
from mlpsim.session.landscape import Landscape
from mlpsim.session.lens_bench import LensBench
from mlpsim.session.player import Player
from mlpsim.session.race_track import RaceTrack
from mlpsim.session.session import Session
from mlpsim.views.appearance import Appearance
from mlpsim.views.axis_pick import AxisPick
from mlpsim.views.input_plane import InputPlane
from mlpsim.views.items.overlays import Overlays
from mlpsim.views.spotlight import Spotlight


@dataclass(frozen=True)
class Context:
    """Session, player, landscape and appearance of one window, and what its views share.

    That is what lies over its map, what is lit on its diagram, and whether axes are picked there.
    """

    session: Session
    player: Player
    landscape: Landscape
    appearance: Appearance
    overlays: Overlays = field(default_factory=Overlays)
    spotlight: Spotlight = field(default_factory=Spotlight)
    axis_pick: AxisPick = field(default_factory=AxisPick)

    @cached_property
    def appraiser(self) -> Appraiser:
        """Who knows whether what is dear to know of the state on view is there."""
        return Appraiser(self.session, self.player.seeker, self.session)

    @cached_property
    def input_plane(self) -> InputPlane:
        """The two inputs that are mapped; it knows of other data before the panels that ask it."""
        return InputPlane(self.session)

    @cached_property
    def lens(self) -> LensBench:
        """The one lens of the window."""
        return LensBench(self.session, self.landscape, self.session)

    def pace(self, playing_ms: int, paused_ms: int) -> Callable[[], int]:
        """A throttle's interval: one while the run plays, one while it rests."""
        return lambda: playing_ms if self.player.playing else paused_ms

    def refresh_overlays(self) -> None:
        """Let the overlays of the map know if what they are painted over is another."""
        session, landscape = self.session, self.landscape
        on_view = (session.run, session.experiment, landscape.plane, landscape.surface)
        self.overlays.refresh(session.cursor, *on_view)

    @cached_property
    def race(self) -> RaceTrack:
        """The one race of the window."""
        return RaceTrack(self.session, self.player, self.landscape, self.session)
