"""The ledger panel: the chain rule of one sample and one weight, in symbols and numbers."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QToolButton, QVBoxLayout, QWidget

from mlpsim.core.activations import SIGMOID
from mlpsim.core.lessons.chain import BothPasses, Chain, both_passes, chain, neuron_values
from mlpsim.core.problem import Problem
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.activation_plot import ActivationPicture, ActivationPlot, samples_for
from mlpsim.views.labels.activation_words import activation_facts, output_facts, slope_words
from mlpsim.views.labels.chain_lines import z_name
from mlpsim.views.labels.chain_text import as_latex, as_text
from mlpsim.views.parts.chain.chain_choice import ChainChoice
from mlpsim.views.parts.chain.chain_view import ChainView
from mlpsim.views.parts.chain.pass_view import PassView
from mlpsim.views.spotlight import light_of_chain, light_of_steps
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.group import group
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.segmented import Segmented

PLAYING_MS, PAUSED_MS = 200, 16
ONE_LAYER, DEEPER = 18, 27  # lines of text that networks need
PAGES = (
    ("chain", "chain", "∂e/∂w as a product of derivatives"),
    ("passes", "passes", "Forwards and backwards, neuron by neuron"),
    ("activation", "σ(z)", "The activation of the weight's neuron, with every sample"),
)


class LedgerPanel(Card):
    """Shows the chain, the passes or the activation, and lights up the diagram meanwhile."""

    needs_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__("Chain rule", "")
        self._session, self._player = context.session, context.player
        self._appearance, self._spotlight = context.appearance, context.spotlight
        self._way: dict[int, int] = {}
        self._network = self._session.experiment.problem.network
        self.choice = ChainChoice()
        self.page = Segmented("What is shown", PAGES)
        self.copy_text = IconButton("copy", "Copy as plain text (Ctrl+C)", 1.1)
        self.copy_latex = QToolButton()
        self.copy_latex.setText("TeX")
        self.copy_latex.setToolTip("Copy as LaTeX (Ctrl+L)")
        self.copy_latex.setAccessibleName("Copy as LaTeX (Ctrl+L)")
        self.chain = ChainView()
        self.passes = PassView()
        self.plot = ActivationPlot(self._appearance.theme)
        self.facts, self.slope = Message("caption"), Message("caption")
        self.pages = QStackedWidget()
        for page in (self.chain, self.passes, self._activation_page()):
            self.pages.addWidget(page)
        self.header.addWidget(self.page)
        self.choice.row.add(group(self.copy_text, self.copy_latex, spacing=2), pushed=True)
        self.body.setSpacing(4)
        self.add_tools(self.choice)
        self.body.addWidget(self.pages, 1)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        self._connect()
        self._show()

    def _activation_page(self) -> QWidget:
        page = _Page()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.facts)
        column.addWidget(self.plot, 1)
        column.addWidget(self.slope)
        return page

    def _connect(self) -> None:
        session = self._session
        self._throttle.follow(session.run_started, session.cursor_moved, session.experiment_changed)
        self._throttle.follow(session.selection.sample_selected, self._player.playing_changed)
        self._throttle.follow(self.passes.moved)
        session.selection.parameter_selected.connect(self._on_parameter_selected)
        self._appearance.changed.connect(self._restyle)
        self.choice.sample_chosen.connect(session.selection.select_sample)
        self.choice.parameter_chosen.connect(session.selection.select_parameter)
        self.page.chosen.connect(self._turn_to)
        self.chain.term_chosen.connect(self._follow)
        self.copy_text.clicked.connect(self._copy_text)
        self.copy_latex.clicked.connect(self._copy_latex)
        for name, keys, action in (
            ("copy text", QKeySequence.StandardKey.Copy, self._copy_text),
            ("copy LaTeX", "Ctrl+L", self._copy_latex),
            ("next neuron", "Alt+Right", self.passes.step_on),
            ("previous neuron", "Alt+Left", self.passes.step_back),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setObjectName(f"{name} shortcut")
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    # -- requests ------------------------------------------------------------------------------

    @Slot(object)
    def _on_parameter_selected(self, _: object) -> None:
        self._way.clear()
        self._throttle.request()

    @Slot()
    def _restyle(self) -> None:
        self.plot.set_theme(self._appearance.theme)
        self._throttle.request()

    @Slot(object)
    def _turn_to(self, page: str) -> None:
        self.pages.setCurrentIndex([name for name, _, _ in PAGES].index(page))
        self._throttle.request()

    @Slot(int, int)
    def _follow(self, layer: int, neuron: int) -> None:
        self._way[layer] = neuron
        self._throttle.request()

    @Slot()
    def _copy_text(self) -> None:
        self._copy(as_text(self._chain(self._passes())), "as text")

    @Slot()
    def _copy_latex(self) -> None:
        self._copy(as_latex(self._chain(self._passes())), "as LaTeX")

    def _copy(self, text: str, how: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._session.say(f"Copied the chain rule {how}.")

    def needed_height(self) -> int:
        """What every weight and page needs, so that the card stays while a person looks round."""
        depth = self._session.experiment.problem.network.depth
        return self.fontMetrics().height() * (ONE_LAYER if depth == 1 else DEEPER)

    # -- showing -------------------------------------------------------------------------------

    @property
    def _parameter(self) -> int:
        return self._session.selection.parameter or 0

    def _passes(self) -> BothPasses:
        session = self._session
        return both_passes(session.experiment.problem, session.theta, session.selection.sample or 0)

    def _chain(self, passes: BothPasses) -> Chain:
        network = passes.problem.network
        if not network.has_shape_of(self._network):
            self._way.clear()
        before, self._network = self._network, network
        if network.depth != before.depth:
            self.needs_changed.emit()
        return chain(passes, self._parameter, self._way)

    def _show(self) -> None:
        problem = self._session.experiment.problem
        sample, p = self._session.selection.sample or 0, self._parameter
        self.choice.show_choice(problem.network, len(problem.data), sample, p)
        passes = self._passes()
        told = self._chain(passes)
        name = labels.parameter(problem.network, p)
        self.set_subtitle(f"∂{labels.sample_error(sample)}/∂{name} = {labels.number(told.value)}")
        page = self.page.value
        if page == "chain":
            self.chain.show_chain(told)
        elif page == "passes":
            self.passes.show_passes(passes)
        else:
            self._show_activation(problem, told)
        self._shine(told)

    def _show_activation(self, problem: Problem, told: Chain) -> None:
        network, layer, i = problem.network, told.layer, told.to
        activation = network.activations[layer]
        sample, name = told.passes.sample, z_name(network, layer, i)
        samples = samples_for(problem, sample)
        z = neuron_values(problem, self._session.theta, samples, layer, i)
        links = problem.loss.on_logits and layer == network.depth - 1
        y_label = f"a{name[1:]}"
        if layer == network.depth - 1 and problem.loss.name != "softmax_ce_logits":
            y_label = labels.predictions(network.sizes[-1])[i]
        if links and problem.loss.name == "bce_logits":
            activation = SIGMOID  # ŷ = σ(z), although the network's own last layer gives z
        picture = ActivationPicture(activation, z, samples, problem.data, name, y_label)
        self.plot.set_picture(picture)
        self.facts.say(output_facts(problem.loss) if links else activation_facts(activation))
        words = slope_words(activation, name, float(z[-1]), sample)
        self.slope.say(words)
        self.plot.setAccessibleDescription(f"{self.facts.text()} {words}")

    def _shine(self, told: Chain) -> None:
        """Light up on the diagram what this panel tells of, while it is seen."""
        if not self.isVisible():
            return
        if self.page.value == "passes":
            self._spotlight.show(light_of_steps(told.passes, self.passes.steps))
        else:
            self._spotlight.show(light_of_chain(told))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._throttle.request()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._spotlight.show(None)


class _Page(QWidget):
    """As high as its texts need at its width, with the least of its plot: a stack asks for more."""

    def hasHeightForWidth(self) -> bool:
        return False

    def minimumSizeHint(self) -> QSize:
        least, layout = super().minimumSizeHint(), self.layout()
        assert layout is not None
        return least.expandedTo(QSize(0, layout.minimumHeightForWidth(self.width())))
