"""What earlier results show of a terse error: the value that is empty or wrong there is named, with its owner."""

from typing import Any

import pytest

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Finding
from fixer.explaining.causes.reading.kinds_of_value import is_wrong
from tests.explaining.test_record import scene_of


def after(given: Any, action: str, error: str) -> Finding:
    steps = [
        {"action": "Load", "status": "completed", "result": given},
        {"action": action, "status": "failed", "error": error},
    ]
    return find(scene_of({"agent": "Helper", "steps": steps}))


@pytest.mark.parametrize(
    ("given", "action", "error", "field", "owner"),
    [
        ({"order": "#12", "iban": None}, "pay", "ERR iban=NULL", "iban", ""),
        ({"contact": "Lu Chen", "customerRef": ""}, "notify", "customer_ref?", "customerRef", "Lu Chen"),
        ([{"name": "Ana Ruiz", "email": None}], "Send intro mail", "E-401-X", "email", "Ana Ruiz"),
        ([{"who": "B. Okoye", "mobile": ""}], "SMS reminder", "nowhere to send it", "mobile", "B. Okoye"),
        ({"contact": {"name": "Ed Li", "linkedin_url": None}}, "LinkedIn invite", "no target", "linkedin_url", "Ed Li"),
        ('{"guest": "K. Ito", "phone": null}', "Call the guest", "E7", "phone", "K. Ito"),
    ],
)
def test_an_empty_field_is_named_with_whose_it_is(given: Any, action: str, error: str, field: str, owner: str) -> None:
    finding = after(given, action, error)
    assert finding.root_cause == "missing_field"
    assert all(f"'{field}'" in fix.description or f".{field} " in fix.description for fix in finding.fixes)
    assert owner in finding.explanation
    assert any(owner in fix.description for fix in finding.fixes)
    assert f"step 1 (Load) gave '{field}' without a value" in finding.explanation


@pytest.mark.parametrize(
    ("given", "action", "error", "value"),
    [
        (
            [{"name": "A. Ruiz", "email": "a@x.com"}, {"name": "Bo", "email": "bo@x,com"}],
            "Mail",
            "rejected",
            "bo@x,com",
        ),
        ({"Kunde": "Meier KG", "Telefon": "O170 1234567"}, "SMS senden", "Nummer abgelehnt", "O170 1234567"),
        ({"guest": "K. Ito", "date": "2025-02-30"}, "Create calendar event", "bad date", "2025-02-30"),
        ({"customer": "Lu", "website": "htp:/lu"}, "Scrape site", "unsupported scheme", "htp:/lu"),
        ({"facture": "F-7", "destinataire": "achats@lune,fr"}, "envoyer", "adresse refusée", "achats@lune,fr"),
    ],
)
def test_a_value_that_its_field_cannot_have_is_named(given: Any, action: str, error: str, value: str) -> None:
    finding = after(given, action, error)
    assert finding.root_cause == "invalid_data"
    assert value in finding.explanation
    assert all(value in fix.description for fix in finding.fixes)


@pytest.mark.parametrize(
    ("given", "action", "error", "cause"),
    [
        ({"contact": "Lu", "mobile": None}, "Send SMS", "socket hang up", "network_error"),
        ({"contact": "Lu", "mobile": None}, "Send SMS", "401 Unauthorized", "auth_error"),
        ({"contact": "Lu", "email": "lu@x.com", "phone": ""}, "Send mail", "daily quota is used up", "rate_limit"),
        ({"items": [], "cursor": None}, "Send SMS", "F-9", "unknown"),
        ({"contact": "Lu", "email": "lu@x.com", "work_email": ""}, "Send mail", "F-9", "unknown"),
    ],
)
def test_what_the_error_itself_says_goes_first(given: Any, action: str, error: str, cause: str) -> None:
    finding = after(given, action, error)
    assert finding.root_cause == cause
    assert "In the record" not in finding.explanation


@pytest.mark.parametrize(
    ("given", "error", "field"),
    [
        ({"first": "Ida", "last": ""}, "At last it failed. Required fields are missing: [LastName]", "LastName"),
        ({"contact": "Ida", "phone": None}, "recipient is empty ({{lead.work_email}} gave nothing)", "lead.work_email"),
    ],
)
def test_a_field_that_the_error_names_is_kept(given: Any, error: str, field: str) -> None:
    finding = after(given, "Send invitation", error)
    assert finding.root_cause == "missing_field"
    assert all(field in fix.description for fix in finding.fixes)


@pytest.mark.parametrize(
    ("kind", "well", "wrong"),
    [
        (
            "email",
            ("a.b@x.org", "Ana <a@x.org>", "a@x.org, b@y.org", "{{email}}", "", None, "sent"),
            ("a@x,org", "a@@x.org", "a@x", "a@.org", "a b@x.org", "a..b@x.org", "ana.x.org"),
        ),
        (
            "phone",
            ("+49 170 1234567", "(555) 010-4477", "555-0104 x12", "whatsapp:+4917012345"),
            ("555-O199", "12", "n/a"),
        ),
        (
            "url",
            ("https://a.example/b?c=1", "a.example", "https://a.example:8080/x"),
            ("htp:/a", "a example.org", "www,a"),
        ),
        ("date", ("2024-02-29", "31/12/2025", "12/31/2025", "next Monday"), ("2025-02-29", "31/02/2025", "2025-13-01")),
    ],
)
def test_values_are_judged_by_their_kind(kind: str, well: tuple[Any, ...], wrong: tuple[str, ...]) -> None:
    assert [one for one in well if is_wrong(kind, one)] == []
    assert [one for one in wrong if not is_wrong(kind, one)] == []


@pytest.mark.parametrize("given", [None, 0, True, [], {}, "x" * 9000, [[[[1]]]], "\x00", {"contact": [1]}, {"name": 5}])
@pytest.mark.parametrize("error", ["", "21211", "recipient"])
def test_strange_results_do_no_harm(given: Any, error: str) -> None:
    assert after(given, "Send mail via Twilio", error).fixes
