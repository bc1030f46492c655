from __future__ import annotations

import re

from awsx.demo import make_organisation
from awsx.demo.center.organisation import ROLES


def test_organisation_is_the_same_every_time() -> None:
    assert make_organisation(40, 3) == make_organisation(40, 3)


def test_accounts_are_the_stages_of_one_team_after_another() -> None:
    names = [account.name for account in make_organisation().accounts]

    assert names[:4] == ["payments-prod", "payments-staging", "payments-dev", "payments-sandbox"]
    assert names[4] == "checkout-prod"
    assert len(names) == 12


def test_five_thousand_accounts_have_names_and_ids_of_their_own() -> None:
    accounts = make_organisation(5000, 1).accounts

    assert len({account.name for account in accounts}) == 5000
    assert len({account.id for account in accounts}) == 5000
    assert all(re.fullmatch(r"[1-9]\d{11}", account.id) for account in accounts)


def test_roles_beyond_the_list_are_numbered() -> None:
    (account,) = make_organisation(1, 12).accounts

    assert account.roles == (*ROLES, "Team11Access", "Team12Access")


def test_account_is_found_by_name_and_by_id() -> None:
    organisation = make_organisation()
    prod = organisation.account("payments-prod")

    assert organisation.account_by_id(prod.id) is prod
    assert organisation.account_by_id("000000000000") is None
    assert prod.role_arn("Deploy") == f"arn:aws:iam::{prod.id}:role/Deploy"
