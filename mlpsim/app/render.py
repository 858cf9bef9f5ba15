"""Commands that draw: ``render``, and ``panels``, the list of what it can draw alone."""

from pathlib import Path

from mlpsim.app.export import save_figure
from mlpsim.app.refusal import refused
from mlpsim.app.scene import PICTURES, Scene, staged
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.session.opening import document_on_view


def render_command(scene: Scene, out: Path, scale: float) -> None:
    """Draw a scene without a display; RefusedError if it cannot be."""
    with staged("mlpsim render", scene) as stage:
        document = document_on_view(stage.context.session, stage.context.landscape)
        try:
            save_figure(stage.widget, out, scale, document)
        except DocumentError as error:
            raise refused(str(out), error) from error


def panels_command() -> None:
    """Print the panels that ``render --panel`` draws."""
    for spec in PICTURES:
        print(f"{spec.id:10} {spec.title}")
