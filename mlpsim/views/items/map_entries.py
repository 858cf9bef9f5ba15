"""The legend's entries: which marks the surface has now, and what they are called."""

from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.overlays.batch_lines import BatchLines
from mlpsim.views.items.overlays.bouquet import BouquetOverlay, Mode
from mlpsim.views.items.overlays.model import ModelOverlay

Entries = tuple[tuple[str, str], ...]


def map_entries(
    context: Context, bouquet: BouquetOverlay, batch_lines: BatchLines, overlay: ModelOverlay
) -> Entries:
    """The map's marks, and whose arrows are solid: those of the step that leaves the state."""
    session, problem = context.session, context.landscape.problem
    entries = list[tuple[str, str]]()
    coming = labels.step_caption(session.cursor + 1)
    partly = not session.experiment.sampling.is_full
    if bouquet.is_possible and bouquet.mode is not Mode.OFF:
        times = bouquet.magnification
        pull = f"−∇eˢ{'/S' if problem.reduction == 'mean' else ''}"
        pull += f" × {labels.whole(times)}" if times > 1 else ""
        entries.append(("sample", pull + (f", solid: {coming}" if partly else "")))
        entries += [("penalty", "−∇R")] if problem.penalty else []
    if bouquet.is_possible:
        entries.append(("arrow", f"−∇{labels.objective_symbol(problem)}"))
        if batch_lines.is_on and partly:
            entries.append(("batch", f"batch of {coming}"))
    if overlay.model is not None:
        entries.append(("model", "quadratic model"))
        if overlay.model.flat_place is not None:
            where = " in the plane" if problem.network.n_params > 2 else ""
            entries.append(("newton", f"Newton’s step{where} ({overlay.model.shape})"))
    if problem.network.n_params > 2:
        entries += [("current", "current step"), ("path", "path, projected")]
        entries += [("halo", "distance off the plane"), ("start", "start")]
    else:
        entries += [("current", "current step"), ("path", "path"), ("start", "start")]
    return tuple(entries)


def relief_entries(
    context: Context, bouquet: BouquetOverlay, batch_lines: BatchLines, overlay: ModelOverlay
) -> Entries:
    """The marks of the surface in three dimensions."""
    entries = [("current", "current step"), ("path", "path"), ("hidden", "hidden")]
    if context.landscape.problem.network.n_params > 2:
        entries[1] = ("path", "path at its own height")
        entries.append(("foot", "projection on the plane"))
    arrows = map_entries(context, bouquet, batch_lines, overlay)
    kept = [entry for entry in arrows if entry[0] in ("arrow", "sample", "penalty")]
    return (*kept, *entries, ("start", "start"))
