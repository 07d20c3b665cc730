"""pip, uv and poetry: versions that do not exist or do not fit together, packages that do not build."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_DEPENDENCY = (FailureKind.DEPENDENCY, RootCause.MISSING_DEPENDENCY)


class Pip(LineParser):
    """See the module."""

    tool: ClassVar[str] = "pip"
    needles: ClassVar[tuple[str, ...]] = (
        *("ERROR: Could not ", "ERROR: No matching", "ERROR: Cannot install", "ERROR: ResolutionImpossible"),
        *("ERROR: Package '", "ERROR: Ignored the", "subprocess-exited-with-error", "ERROR: Failed building wheel"),
        *("ERROR: Failed to build", "No solution found when", "version solving failed", "THESE PACKAGES DO NOT MATCH"),
        *(
            "Could not build wheels",
            "DistributionNotFound",
            "ERROR: Invalid requirement",
            "requires a different Python",
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = tuple(
        Rule(re.compile(pattern), *_DEPENDENCY)
        for pattern in (
            r"\s*ERROR: (?P<message>Could not find a version that satisfies the requirement .+)",
            r"\s*ERROR: (?P<message>No matching distribution found for .+)",
            r"\s*ERROR: (?P<message>Cannot install .+)",
            r"\s*ERROR: (?P<message>ResolutionImpossible.*)",
            r"\s*ERROR: (?P<message>Package '.+' requires a different Python.*)",
            r"\s*ERROR: (?P<message>Could not (?:open requirements file|install packages|build wheels).*)",
            r"\s*(?:ERROR: |error: )?(?P<message>Could not build wheels for .+)",
            r"\s*ERROR: (?P<message>Invalid requirement.*)",
            r"\s*ERROR: (?P<message>THESE PACKAGES DO NOT MATCH THE HASHES.*)",
            r"\s*(?:\u00d7|x) (?P<message>No solution found when resolving.*)",
            r"\s*(?:ERROR: )?(?P<message>(?:Because .+|So, because .+), version solving failed\.?)",
            r"\s*ERROR: (?P<message>Failed (?:building wheel for|to build installable wheels).*)",
            r"\s*(?P<message>error: subprocess-exited-with-error)",
            r".{0,200}(?P<message>pkg_resources\.(?:\w+\.)*DistributionNotFound: .+)",
        )
    )


PARSER: type[Parser] = Pip
