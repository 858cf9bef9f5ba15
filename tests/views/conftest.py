"""What tests of views start from."""

from collections.abc import Iterator

import pytest

from mlpsim.views.context import Context
from tests.views.controls import running


@pytest.fixture
def context(qapp: object) -> Iterator[Context]:
    """That of a real session with the lecture's example."""
    with running() as context:
        yield context
