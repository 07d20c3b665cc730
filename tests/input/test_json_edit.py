"""An edit changes one value; what stands around it stays byte for byte."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from fixer.input.json_edit import NoPlaceError, set_value

FILE = """{
    "templates": [
        {"name": "Outbound v2"}
    ],
    "agents": [
        {
            "name":   "Outreach",
            "instructions": "Send 'Outbound v3'."
        }
    ],
    "fields": []
}
"""


def test_a_value_is_replaced_and_nothing_else() -> None:
    changed = set_value(FILE, ["agents", 0, "instructions"], "Send „Outbound v2“.")
    assert changed == FILE.replace("Send 'Outbound v3'.", "Send „Outbound v2“.")


def test_a_member_and_an_item_are_added_in_the_form_of_the_others() -> None:
    changed = set_value(FILE, ["agents", 0, "restrictions"], {"email_per_day": 50})
    assert changed == FILE.replace(
        "'Outbound v3'.\"\n",
        '\'Outbound v3\'.",\n            "restrictions": {\n                "email_per_day": 50\n            }\n',
    )
    changed = set_value(FILE, ["templates", 1], {"name": "Outbound v3"})
    expected = '{"name": "Outbound v2"},\n        {\n            "name": "Outbound v3"\n        }\n    ],'
    assert changed == FILE.replace('{"name": "Outbound v2"}\n    ],', expected)


def test_what_is_empty_is_filled() -> None:
    assert set_value(FILE, ["fields", 0], "email") == FILE.replace("[]", '[\n        "email"\n    ]')
    assert set_value("{}", ["a"], 1) == '{\n  "a": 1\n}'
    assert set_value('{"a":[],"b":{}}', ["a", 0], {"x": 1}) == '{"a":[{"x": 1}],"b":{}}'
    assert set_value('{"a":[1],"b":{}}', ["a", 1], 2) == '{"a":[1, 2],"b":{}}'


@pytest.mark.parametrize(
    "pointer", [["nobody", 0], ["agents", 5], ["agents", -1], ["agents", "0"], ["templates", 0, "name", "x"], [0]]
)
def test_a_place_that_is_not_there_is_refused(pointer: list[str | int]) -> None:
    with pytest.raises(NoPlaceError):
        set_value(FILE, pointer, "x")


SCALARS = st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=5)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(value=VALUES, new=VALUES, indent=st.sampled_from([None, 2, 4, "\t"]), data=st.data())
def test_the_edited_text_means_the_edited_value(
    value: JsonValue, new: JsonValue, indent: int | str | None, data: st.DataObject
) -> None:
    text = json.dumps(value, indent=indent)
    pointer: list[str | int] = []
    place = value
    while isinstance(place, dict | list) and data.draw(st.booleans()):
        step: str | int
        if isinstance(place, dict):
            step = data.draw(st.sampled_from([*place, "new"]))
            pointer.append(step)
            if step not in place:
                break
            place = place[step]
        else:
            step = data.draw(st.integers(0, len(place)))
            pointer.append(step)
            if step == len(place):
                break
            place = place[step]
    assert json.loads(set_value(text, pointer, new)) == _with(json.loads(text), pointer, new)


def _with(value: JsonValue, pointer: list[str | int], new: JsonValue) -> JsonValue:
    if not pointer:
        return new
    step, *rest = pointer
    if isinstance(value, dict):
        assert isinstance(step, str)
        value[step] = _with(value.get(step), rest, new)
    elif isinstance(value, list):
        assert isinstance(step, int)
        if step == len(value):
            value.append(new)
        else:
            value[step] = _with(value[step], rest, new)
    return value
