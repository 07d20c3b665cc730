from pathlib import Path

import pytest

from fixer.strategies import suggestions
from fixer.strategies.base import NotMine
from tests.strategies.conftest import MakeCase

CARGO = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n'
POINT = "#include <stdint.h>\nstruct point { int width; };\nextern int length;\n"


def test_rustcs_suggestions_are_taken_until_it_compiles(make_case: MakeCase) -> None:
    wrong = (
        "pub fn total(prices: &[u32]) -> HashMap<u32, u32> {\n    let mut result = 0;\n"
        "    for p in prices {\n        reslt += p;\n    }\n    let é = result;\n    HashMap::from([(é, result)])\n}\n"
    )
    case = make_case(
        {"Cargo.toml": CARGO, "lib.rs": wrong, ".gitignore": "target\nCargo.lock\n"},
        ("cargo", "build", "--offline", "--quiet"),
        tool="cargo",
    )

    patch = case.mended_by(suggestions.propose(case.case))

    text = case.content_with(patch, "lib.rs").decode()
    assert text.startswith("use std::collections::HashMap;\n")
    assert "        result += p;\n" in text
    assert "Cargo.lock" not in patch.diff
    assert patch.needs_review


def test_gccs_did_you_mean_and_missing_headers_are_taken_together(make_case: MakeCase) -> None:
    files = {
        "point.h": POINT,
        "main.c": '/* A point. */\n#include "point.h"\n\nint area(struct point *p) {\n'
        "\treturn p->widht * 2 + lenght;\n}\n"
        'int main(void) {\n\tunit8_t x = 1;\n\tprintf("%d", x + lenght);\n\treturn lenght;\n}\n',
    }
    case = make_case(files, ("gcc", "-Werror", "-fsyntax-only", "main.c"), tool="gcc")

    patch = case.mended_by(suggestions.propose(case.case))

    text = case.content_with(patch, "main.c").decode()
    assert text.startswith('/* A point. */\n#include <stdio.h>\n#include "point.h"\n')
    assert "p->width * 2 + length" in text
    assert "uint8_t x" in text


def test_a_header_of_cpp_goes_behind_those_of_the_system(make_case: MakeCase) -> None:
    files = {
        "main.cpp": "#include <vector>\n#if 0\n#include <map>\n#endif\nint main() { std::string s; return s.size(); }\n"
    }
    case = make_case(files, ("g++", "-fsyntax-only", "main.cpp"), tool="gcc")

    patch = case.mended_by(suggestions.propose(case.case))

    assert case.content_with(patch, "main.cpp").startswith(b"#include <vector>\n#include <string>\n#if 0\n")


def test_a_header_of_a_guarded_file_goes_inside_of_the_guard(make_case: MakeCase) -> None:
    files = {
        "a.h": "#ifndef A_H\n#define A_H\ninline std::string a() { return {}; }\n#endif\n",
        "a.cpp": '#include "a.h"\n',
    }
    case = make_case(files, ("g++", "-fsyntax-only", "a.cpp"), tool="gcc")

    patch = case.mended_by(suggestions.propose(case.case))

    assert case.content_with(patch, "a.h").startswith(b"#ifndef A_H\n#define A_H\n#include <string>\n")


def test_the_typescript_compilers_pretty_and_plain_forms_are_read(make_case: MakeCase) -> None:
    # The compiler is not installed everywhere: a script says what tsc 5 prints for the file, as long as it is wrong.
    files = {
        "cart.ts": "const prices = [1];\nexport const n = prices.lenght;\nexport const m = pricse;\n",
        "tsc": "#!/bin/sh\nwrong=0\n"
        "grep -q lenght cart.ts && wrong=1 && echo \"cart.ts(2,25): error TS2551: Property 'lenght' does not exist on "
        "type 'number[]'. Did you mean 'length'?\"\n"
        "grep -q pricse cart.ts && wrong=1 && echo \"cart.ts:3:18 - error TS2552: Cannot find name 'pricse'. Did you "
        "mean 'prices'?\"\nexit $wrong\n",
    }
    case = make_case(files, ("sh", "tsc"), tool="tsc")

    patch = case.mended_by(suggestions.propose(case.case))

    assert b"prices.length" in case.content_with(patch, "cart.ts")


def test_what_states_the_right_result_is_not_changed(make_case: MakeCase) -> None:
    files = {"test_main.c": "int main(void) { int width = 1; return widht - 1 + width; }\n"}
    case = make_case(files, ("gcc", "-fsyntax-only", "test_main.c"), tool="gcc")

    with pytest.raises(NotMine, match="suggests no replacement"):
        next(suggestions.propose(case.case))


def test_a_name_outside_of_the_project_is_not_followed(make_case: MakeCase, tmp_path: Path) -> None:
    (tmp_path / "outside.c").write_text("int width; int a = widht;\n", encoding="utf-8")
    case = make_case({"run": f"gcc -fsyntax-only {tmp_path / 'outside.c'}\n"}, ("sh", "run"), tool="gcc")

    with pytest.raises(NotMine):
        next(suggestions.propose(case.case))
    assert "widht" in (tmp_path / "outside.c").read_text(encoding="utf-8")
