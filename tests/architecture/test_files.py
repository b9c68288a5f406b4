"""What must not lie in the repository."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from tests.architecture.code import PACKAGE, ROOT, committed, modules, where

# Put together here so that this file does not hold what it forbids.
FOREIGN = {
    "the address of a package registry": re.compile(
        "|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(org|com)", "deb" + r"\.debian\.org"])
    ),
    "a path of somebody's machine": re.compile(
        "|".join(["/wo" + "rk/", "/ho" + r"me/[a-z]+/", "/ro" + "ot/", "/Us" + "ers/"])
    ),
    "a private key": re.compile("BEGIN " + "(RSA |EC |OPENSSH )?PRIVATE KEY"),
}
TEXT = {
    ".py",
    ".md",
    ".txt",
    ".yaml",
    ".yml",
    ".toml",
    ".html",
    ".css",
    ".js",
    ".po",
    ".json",
    ".ini",
    ".cfg",
    ".sh",
    "",
}
FORBIDDEN_MODULES = {"utils", "util", "helpers", "managers", "services", "signals", "common", "misc"}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_holds(what: str):
    found = [
        where(path, number)
        for path in committed()
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if FOREIGN[what].search(line)
    ]
    assert found == []


def test_no_file_is_large():
    large = {
        str(path.relative_to(ROOT)): path.stat().st_size for path in committed() if path.stat().st_size > 1_500_000
    }
    assert large == {}


def test_no_module_is_a_drawer_for_leftovers():
    assert [where(path, 1) for path in modules() if path.stem in FORBIDDEN_MODULES] == []


def test_templates_hold_no_inline_script_or_style():
    """The content security policy refuses them, and a page would lose its looks or its behaviour silently."""
    inline = re.compile(r"""<script(?![^>]*\b(src|nonce)=)[^>]*>|\sstyle="|\son[a-z]+="|<style\b""")
    papers = re.compile(r"^(reports|print|pdf)/")
    found = [
        f"{where(path, number)} {line.strip()[:80]}"
        for path in sorted((PACKAGE / "web" / "templates").rglob("*.html"))
        if not papers.match(str(path.relative_to(PACKAGE / "web" / "templates")))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if inline.search(re.sub(r"\{%.*?%\}", "", line))
    ]
    assert found == []


def test_migrations_are_named_by_hand():
    machine_named = re.compile(r"^\d{4}_(auto_|alter_|add_|remove_|rename_|delete_).*|.*_and_more$")
    found = [path.name for path in PACKAGE.rglob("migrations/[0-9]*.py") if machine_named.match(path.stem)]
    assert found == []


@pytest.mark.django_db
def test_models_and_migrations_agree():
    said = StringIO()
    call_command("makemigrations", "--dry-run", stdout=said)
    assert said.getvalue().strip() == "No changes detected"
