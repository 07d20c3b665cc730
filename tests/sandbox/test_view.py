from pathlib import Path

from fixer.sandbox.view import View, follow, without_credentials


def test_links_are_followed_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "real/deep").mkdir(parents=True)
    (tmp_path / "absolute").symlink_to(tmp_path / "real")
    (tmp_path / "relative").symlink_to("absolute/deep")
    place, links = follow(tmp_path / "relative")
    assert place == (tmp_path / "real/deep").resolve()
    assert links[tmp_path / "relative"] == "absolute/deep"
    assert links[tmp_path / "absolute"] == str(tmp_path / "real")


def test_a_ring_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    place, _ = follow(tmp_path / "a")
    assert not place.exists()


def test_the_config_of_a_repository_loses_what_is_secret() -> None:
    config = """[core]
\tbare = false
[remote "origin"]
\turl = https://x-access-token:canary@localhost/a/b.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
[http "https://localhost/"]
\textraheader = AUTHORIZATION: basic canary
[credential]
\thelper = store --file canary
[url "https://canary@localhost/"]
\tinsteadOf = gh:
[Branch "main"]
\tremote = origin
"""
    clean = without_credentials(config)
    assert "canary" not in clean
    for kept in ("bare = false", "url = https://localhost/a/b.git", "fetch = +refs", '[Branch "main"]'):
        assert kept in clean


def test_inner_folders_are_mounted_after_outer_ones(tmp_path: Path) -> None:
    (tmp_path / "home/tree/.git").mkdir(parents=True)
    (tmp_path / "private").mkdir()
    view = View(tmp_path / "private", tmp_path / "home")
    view.show(tmp_path / "home/tree", writable=True)
    view.show(tmp_path / "home")
    view.show_git(tmp_path / "home/tree")
    view.show(tmp_path / "missing")
    mounts = view.mounts()
    places = [(word, mounts[at + 1]) for at, word in enumerate(mounts) if word in {"--bind", "--ro-bind"}]
    mine = [
        (how, Path(what).relative_to(tmp_path).as_posix())
        for how, what in places
        if what.startswith(str(tmp_path / "home"))
    ]
    assert mine == [("--ro-bind", "home"), ("--bind", "home/tree"), ("--ro-bind", "home/tree/.git")]
