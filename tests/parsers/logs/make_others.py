"""Makes the logs of other ecosystems by running their tools: `python tests/parsers/logs/make_others.py NODE_FOLDER`.

NODE_FOLDER holds `node_modules` with jest, vitest, mocha, eslint, typescript and prettier. gcc, cmake, make, cargo and
node are taken from PATH. The checkout is shown as a GitHub runner's; nothing else of the output is changed.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CHECKOUT = "/home/runner/work/shop/shop"

CART_JS = """const prices = { apple: 3 };
function total(items) { return items.reduce((sum, item) => sum + price(item), 0); }
function price(item) {
  if (!(item in prices)) throw new RangeError(`no price for ${item}`);
  return prices[item];
}
module.exports = { total, price };
"""
JEST = """const { total, price } = require('../cart');
describe('cart', () => {
  test('adds up', () => { expect(total(['apple'])).toBe(4); });
  describe('prices', () => {
    test('of a pear', () => { expect(price('pear')).toBe(1); });
  });
  test('passes', () => {});
});
"""
VITEST = (
    "import { describe, test, expect } from 'vitest';\nimport { createRequire } from 'node:module';\n"
    + JEST.replace(
        "const { total, price } = require('../cart');",
        "const { total, price } = createRequire(import.meta.url)('../cart.cjs');",
    )
)
MOCHA = JEST.replace("const {", "const assert = require('assert');\nconst {").replace("test(", "it(")
MOCHA = MOCHA.replace("expect(total(['apple'])).toBe(4)", "assert.strictEqual(total(['apple']), 4)")
MOCHA = MOCHA.replace("expect(price('pear')).toBe(1)", "assert.strictEqual(price('pear'), 1)")
MOCHA += "describe('slow', () => { it('never ends', (done) => {}).timeout(30); });\n"
NODE_TEST = MOCHA.split("describe('slow'")[0].replace(
    "const assert", "const { describe, it } = require('node:test');\nconst assert"
)
C = '#include <stdio.h>\n#include "missing.h"\nint main(void) { return 0; }\n'
C_TYPES = """#include <stdio.h>
int price(int item);
int main(void) {
  int unused;
  cart += 1;
  return price("a", 2);
}
"""
C_LINK = "int price(int item);\nint main(void) { return price(1); }\n"
RUST = """pub fn price(item: &str) -> i32 { if item == "apple" { 3 } else { panic!("no price for {item}") } }
#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn apple() { assert_eq!(price("apple"), 4); }
    #[test]
    fn pear() { price("pear"); }
    #[test]
    fn passes() {}
}
"""
RUST_BAD = "pub fn price(item: &str) -> i32 { cart.total(item) }\npub fn name() -> String { 3 }\n"
CARGO = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
CMAKE = "cmake_minimum_required(VERSION 3.10)\nproject(shop C)\n"
CTEST = CMAKE + "enable_testing()\nadd_test(NAME adds COMMAND false)\nadd_test(NAME passes COMMAND true)\n"
TS = 'const total: number = "three";\nimport { x } from "left-pad-of-nobody";\nexport const y: string = x + missing;\n'
ESLINT = """export default [
  { files: ["**/*.js"], rules: { "no-undef": "error", "no-unused-vars": "warn", eqeqeq: "error" } },
];
"""

RUNS: dict[str, tuple[dict[str, str], str]] = {
    "jest/default": ({"package.json": "{}", "cart.js": CART_JS, "test/cart.test.js": JEST}, "jest --ci"),
    "jest/not_run": ({"package.json": "{}", "test/a.test.js": "require('./nowhere');\n"}, "jest --ci"),
    "vitest/default": ({"cart.cjs": CART_JS, "test/cart.test.mjs": VITEST}, "vitest run"),
    "mocha/default": ({"cart.js": CART_JS, "test/cart.js": MOCHA}, "mocha"),
    "tap/node": ({"cart.js": CART_JS, "test/cart.js": NODE_TEST}, "node --test --test-reporter=tap test/cart.js"),
    "eslint/default": (
        {"eslint.config.mjs": ESLINT, "src/a.js": "let a = 1;\nif (b == 2) { c(); }\n", "src/b.js": "let = ;\n"},
        "eslint src",
    ),
    "tsc/default": ({"a.ts": TS}, "tsc --noEmit --strict a.ts"),
    "tsc/pretty": ({"a.ts": TS}, "tsc --noEmit --strict --pretty a.ts"),
    "prettier/default": ({"a.js": "let  a=1\n", "b.ts": "let = = ;\n"}, "prettier --check ."),
    "node/module": ({"a.js": "require('left-pad-of-nobody');\n"}, "node a.js"),
    "npm/script": ({"package.json": '{"name":"a"}'}, "npm run build"),
    "npm/lock": ({"package.json": '{"name":"a","dependencies":{"b":"1"}}'}, "npm ci"),
    "gcc/header": ({"a.c": C}, "gcc -c a.c"),
    "gcc/types": ({"a.c": C_TYPES}, "gcc -Wall -Werror -c a.c"),
    "gcc/link": ({"a.c": C_LINK}, "gcc a.c -lnothing_of_this_name"),
    "gcc/undefined": ({"a.c": C_LINK}, "gcc a.c"),
    "javac/default": (
        {"shop/Cart.java": "package shop;\nclass Cart {\n  int total() { return price(1) }\n  int x = no;\n}\n"},
        "javac shop/Cart.java",
    ),
    "javac/symbol": (
        {"shop/Cart.java": "package shop;\nclass Cart {\n  int total() { return price(1); }\n  String x = 3;\n}\n"},
        "javac shop/Cart.java",
    ),
    "make/default": ({"Makefile": "all: a.o\n\tfalse\na.o: b.c\n"}, "make"),
    "make/command": ({"Makefile": "all:\n\tfalse\n"}, "make"),
    "cmake/package": ({"CMakeLists.txt": CMAKE + "find_package(Nothing REQUIRED)\n"}, "cmake ."),
    "cmake/command": ({"CMakeLists.txt": CMAKE + "add_thing(x)\n"}, "cmake ."),
    "ctest/default": ({"CMakeLists.txt": CTEST}, "sh -c 'cmake . >/dev/null && ctest'"),
    "cargo/test": ({"Cargo.toml": CARGO, "src/lib.rs": RUST}, "cargo test --offline"),
    "cargo/compile": ({"Cargo.toml": CARGO, "src/lib.rs": RUST_BAD}, "cargo build --offline"),
    "cargo/dependency": (
        {"Cargo.toml": CARGO + '[dependencies]\nnothing-of-this-name = { path = "nowhere" }\n', "src/lib.rs": ""},
        "cargo build --offline",
    ),
    "cargo/format": ({"Cargo.toml": CARGO, "src/lib.rs": "pub fn a( ){}\n"}, "cargo fmt --check"),
    "infrastructure/missing_tool": ({"a.sh": "nothing-of-this-name --help\n"}, "sh a.sh"),
    "runner/killed": ({"a.sh": "bash -c 'kill -SEGV $$'\n"}, "bash a.sh"),
}


def run(files: dict[str, str], command: str, tools: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (Path(folder) / "node_modules").symlink_to(tools / "node_modules")
        env = {
            name: value for name, value in os.environ.items() if name in {"HOME", "RUSTUP_HOME", "CARGO_HOME", "LANG"}
        }
        env |= {
            "CI": "true",
            "PATH": f"{tools}/node_modules/.bin:{os.environ['PATH']}",
            "npm_config_update_notifier": "false",
        }
        done = subprocess.run(
            ["sh", "-c", command], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        text = (
            done.stdout.decode()
            .replace(str(tools), CHECKOUT)
            .replace(folder, CHECKOUT)
            .replace(str(Path.home()), "/home/runner")
        )
    return f"{text}##[error]Process completed with exit code {done.returncode}.\n" if done.returncode else text


def main() -> None:
    for name, (files, command) in RUNS.items():
        log = HERE / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text(f"##[group]Run {command}\n##[endgroup]\n{run(files, command, Path(sys.argv[1]))}")


if __name__ == "__main__":
    main()
