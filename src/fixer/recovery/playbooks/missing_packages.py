"""A package that the project declares and its environment lacks: installed where that is allowed, else what to type."""

import re
from collections.abc import Iterator

from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene
from fixer.recovery.tools import node, python
from fixer.strategies.base import NotMine
from fixer.strategies.manifests import project
from fixer.strategies.manifests.base import canonical
from fixer.strategies.manifests.distributions import bringing

ORDER = 15
_PYTHON = re.compile(r"No module named '?([\w.]+)'?")
_NODE = re.compile(r"Cannot find (?:module|package) '((?:@[\w.-]+/)?[\w.-]+)(?:/[\w./-]*)?'")


def remedies(scene: Scene) -> Iterator[Remedy]:
    """Yield the installation of the package.

    Raises:
        NotMine: no package is missing, or the project does not declare it.
    """
    text = f"{scene.failure.message}\n{scene.context.result.output}"
    folder = scene.ground.repository / scene.cwd
    if found := _NODE.search(text):
        name = found[1]
        if node.declares(folder, name) and not (folder / "node_modules" / name).exists():
            yield node.tool(name, scene)
            return
    if found := _PYTHON.search(text):
        top = found[1].split(".", maxsplit=1)[0]
        files = scene.tree.git.files(scene.tree.commit)
        declared = project.read(files, lambda path: scene.tree.git.show(scene.tree.commit, path) or "")
        names = {name for group in declared.groups for name in group.names}
        package = next((name for name in (*bringing(found[1]), top) if canonical(name) in names), None)
        if package is not None:
            yield python.tool(package, scene)
            return
    raise NotMine("no package that the project declares is missing")
