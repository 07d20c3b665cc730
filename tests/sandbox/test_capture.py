from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.sandbox.capture import OVERLAP, Capture


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=30_000).map(lambda part: part.hex().encode()), max_size=12), st.integers(0, 40_000))
def test_both_ends_are_kept_and_nothing_is_lost_uncounted(parts: list[bytes], limit: int) -> None:
    capture = Capture(head=limit, tail=limit)
    for part in parts:
        capture.feed(part)
    whole = b"".join(parts).decode()
    text, omitted = capture.text(str)
    if omitted == 0:
        assert text == whole
        return
    marker = f"\n[{omitted} bytes of output left out here]\n"
    first, found, last = text.partition(marker)
    assert found
    assert whole.startswith(first)
    assert whole.endswith(last)
    assert len(first) + len(last) + omitted == len(whole)
    assert len(first) == len(last) == limit


def test_a_secret_at_the_cut_is_masked_as_a_whole() -> None:
    secret = "hunter2-" * 20
    for place in range(0, 400, 37):
        capture = Capture(head=1000, tail=1000)
        capture.feed(b"a" * (1000 - place) + secret.encode())
        for _ in range(8):
            capture.feed(b"b" * OVERLAP)
        capture.feed(secret.encode() + b"c" * (1000 - place))
        text, omitted = capture.text(lambda text: text.replace(secret, "***"))
        assert omitted > 0
        assert "hunter2" not in text
