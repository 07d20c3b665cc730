"""RSpec's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """Failures:

  1) Cart adds up
     Failure/Error: expect(cart.total).to eq(4)

       expected: 4
            got: 3

       (compared using ==)
     # ./spec/cart_spec.rb:7:in `block (2 levels) in <top (required)>'

  2) Cart knows a pear
     Failure/Error: raise KeyError, "no price"

     KeyError:
       no price
     # ./lib/cart.rb:5:in `price'
     # ./spec/cart_spec.rb:11:in `block (2 levels) in <top (required)>'

Finished in 0.01 seconds
2 examples, 2 failures

Failed examples:

rspec ./spec/cart_spec.rb:6 # Cart adds up
rspec ./spec/cart_spec.rb:10 # Cart knows a pear"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        (
            "rspec",
            "test",
            "Cart adds up",
            "spec/cart_spec.rb",
            7,
            "expect(cart.total).to eq(4) expected: 4 got: 3 (compared using ==)",
            "test_failure",
        ),
        ("rspec", "test", "Cart knows a pear", "lib/cart.rb", 5, "KeyError: no price", "test_failure"),
    ]
