"""`make bench-model BASE_URL=… MODEL=… KIND=…`: how many known bugs fixer mends with a model, and what that costs.

Works with any Gemini or OpenAI-compatible server. The strategies that need no model are off, unless FREE=1. What
counts as fixed is told twice: by fixer's own gate, and by a run of the case's tests in a clone of the fix.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from fixer.errors import ConfigError, FixerError
from fixer.llm import find_model
from fixer.llm.prices import refuse_unpriced
from fixer.measuring.cases import read_cases
from fixer.measuring.runs import ONLY_MODEL, Measured, measure
from fixer.schema.settings import AgentSettings, ModelSettings, Settings
from fixer.terminal import clean_line

CASES = Path(__file__).parents[1] / "tests" / "agent" / "scripts"
TITLES = ("CASE", "FIXED", "GREEN", "CALLS", "IN", "CACHED", "OUT", "US$", "SECONDS", "NOTE")


def main(words: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(words)
    try:
        settings = settings_of(options)
        refuse_what_cannot_run(settings)
        cases = read_cases(options.cases)[: options.limit or None]
        rows = []
        for case in cases:
            if not options.json:
                print(f"{case.name} …", file=sys.stderr, flush=True)
            rows.append(measure(case, settings))
    except FixerError as error:
        print(f"{error.message}\nhint: {error.hint}", file=sys.stderr)
        return int(error.code)
    show(rows, as_json=options.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench-model", description=__doc__)
    parser.add_argument("--base-url", default="", help="the model's server; empty: the kind's own")
    parser.add_argument("--model", default="", help="its name as the server knows it; empty: the kind's default")
    parser.add_argument("--kind", default="", choices=["", "gemini", "openai_compatible"], help="empty: gemini")
    parser.add_argument("--key-env", default="", help="variable that holds the key; empty: the kind's own")
    parser.add_argument("--input-price", type=float, help="US dollars for a million tokens")
    parser.add_argument("--output-price", type=float)
    parser.add_argument("--money", type=float, default=0.5, help="US dollars that one case may cost")
    parser.add_argument("--steps", type=int, default=40, help="calls that one case may take")
    parser.add_argument("--context", type=int, default=0, help="tokens that the server takes; 0: it says so itself")
    parser.add_argument("--candidates", type=int, default=1, help="attempts side by side")
    parser.add_argument("--free", action="store_true", help="try the strategies that need no model, too")
    parser.add_argument("--cases", type=Path, default=CASES, help="folder of case files")
    parser.add_argument("--limit", type=int, default=0, help="only so many of them")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def settings_of(options: argparse.Namespace) -> Settings:
    if options.base_url:
        # Typed by the user: a key may go there.
        os.environ["FIXER_MODEL_BASE_URL"] = options.base_url
    model = ModelSettings(
        kind=options.kind or "gemini",
        name=options.model,
        base_url=options.base_url,
        api_key_env=options.key_env,
        input_price=options.input_price,
        output_price=options.output_price,
        context=options.context,
    )
    agent = AgentSettings(money=options.money, steps=options.steps, candidates=options.candidates)
    return Settings(model=model, agent=agent, strategies=() if options.free else ONLY_MODEL)


def refuse_what_cannot_run(settings: Settings) -> None:
    """Say before anything runs that a key, a name or a price is missing."""
    if find_model(settings.model, os.environ) is None:
        raise ConfigError("there is no model to measure", "make bench-model KIND=… BASE_URL=… MODEL=…")
    try:
        refuse_unpriced(settings.model, os.environ)
    except ConfigError as error:
        raise ConfigError(
            error.message, "name it: INPUT_PRICE=… OUTPUT_PRICE=… (US dollars a million tokens)"
        ) from error


def total(rows: Sequence[Measured]) -> dict[str, float]:
    names = ("calls", "input", "cached", "output", "usd", "seconds")
    sums: dict[str, float] = {name: round(sum(getattr(row, name) for row in rows), 6) for name in names}
    return {
        "cases": len(rows),
        "fixed": sum(row.fixed for row in rows),
        "green": sum(row.green for row in rows),
        "not_asked": sum(not row.asked for row in rows),
        **sums,
    }


def show(rows: Sequence[Measured], *, as_json: bool) -> None:
    sums = total(rows)
    if as_json:
        print(json.dumps({"cases": [row.model_dump(mode="json") for row in rows], "total": sums}, indent=2))
        return
    lines = [TITLES, *map(_cells, rows)]
    fixed, green = (f"{sums[name]:.0f} of {len(rows)}" for name in ("fixed", "green"))
    counts = (f"{sums[name]:.0f}" for name in ("calls", "input", "cached", "output"))
    lines.append(("total", fixed, green, *counts, f"{sums['usd']:.4f}", f"{sums['seconds']:.1f}", ""))
    widths = [max(len(line[column]) for line in lines) for column in range(len(TITLES))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cells(row: Measured) -> tuple[str, ...]:
    note = row.note if row.asked else f"the model could not be asked: {row.note}"
    counts = (row.calls, row.input, row.cached, row.output)
    yes = {True: "yes", False: "no"}
    figures = (*map(str, counts), f"{row.usd:.4f}", f"{row.seconds:.1f}")
    return (row.case, yes[row.fixed], yes[row.green], *figures, clean_line(note)[:160])


if __name__ == "__main__":
    sys.exit(main())
