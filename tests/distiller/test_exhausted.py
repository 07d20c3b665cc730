import re

from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.distiller.exhausted import MOST, MOST_STEPS, Exhausted

LINES = st.lists(st.sampled_from([b"error 1", b"error 22", b"a 3: fatal", b"", b"##[group]x", b"2: b"]), max_size=30)


@given(lines=LINES, known=st.sets(st.sampled_from([b"error 9", b"8: b", b""])), ended=st.booleans())
@settings(max_examples=100, deadline=None)
def test_what_is_left_are_the_other_lines_each_with_its_place(
    lines: list[bytes], known: set[bytes], *, ended: bool
) -> None:
    data = b"\n".join(lines) + (b"\n" if ended else b"")
    exhausted = Exhausted()
    for line in known:
        exhausted.add(b"before\n" + line + b"\nafter", 7, 1)

    rest, places = exhausted.rest(data, exhausted.known(1))

    shapes = {re.sub(rb"\d", b"", line) for line in known}
    assert rest.split(b"\n") == (
        [line for line in data.split(b"\n") if re.sub(rb"\d", b"", line) not in shapes] or [b""]
    )
    for there, here in places.items():
        assert rest[there:].split(b"\n")[0] == data[here:].split(b"\n")[0]


def test_a_step_knows_its_own_lines_alone() -> None:
    exhausted = Exhausted()
    exhausted.add(b"error 1", 0, 1)

    assert exhausted.known(1)
    assert not exhausted.known(2)
    assert not exhausted.known(None)


def test_late_in_the_log_only_what_is_known_in_and_between_the_steps_counts() -> None:
    exhausted = Exhausted()
    exhausted.add(b"error 1", 0, MOST_STEPS + 5)
    assert exhausted.known(MOST_STEPS + 7)
    assert not exhausted.known(None)

    exhausted.add(b"other", 0, None)
    assert not exhausted.known(MOST_STEPS)
    exhausted.add(b"error 2", 0, None)

    assert exhausted.known(MOST_STEPS + 9) == exhausted.known(None) != set()
    assert exhausted.place(None) == exhausted.place(MOST_STEPS + 1)


def test_memory_is_bounded() -> None:
    exhausted = Exhausted()
    for number in range(MOST + 10):
        exhausted.add("".join(chr(97 + int(digit)) for digit in str(number)).encode(), 0, 1)

    assert len(exhausted.known(1)) <= MOST
