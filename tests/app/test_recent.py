"""The menu of recent files."""

from mlpsim.app.recent import RecentFiles


def test_a_name_keeps_its_and(qtbot) -> None:
    menu = RecentFiles(None)
    qtbot.addWidget(menu)
    menu.show_files(("/somewhere/a & b.mlpsim",))
    assert menu.actions()[0].text() == "a && b.mlpsim"
