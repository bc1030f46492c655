"""What the demo says on a small screen."""

import pytest

from awsx.commands import demo
from awsx.demo import make_organisation, tips


@pytest.mark.parametrize("aws", [demo.AWS_CLI, demo.STAND_IN])
@pytest.mark.parametrize("login", [demo.IN_BROWSER, demo.BY_ITSELF])
def test_no_tip_is_wider_than_80_columns(login: str, aws: str) -> None:
    organisation = make_organisation(12, 3)
    shown = tips.first(organisation, 40, login, aws), tips.later(organisation)
    for lines in shown:
        assert max(map(len, tips.table(lines, is_coloured=False).splitlines())) <= 80
