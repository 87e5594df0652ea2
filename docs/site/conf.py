"""The pages as a site: `make docs` writes it to build/site. Nothing on it is fetched from elsewhere when it is read.

The source is the repository itself, so that the same links lead to the same places in the files and on the site. The
README is the front page; the order of the others is in `PAGES`.
"""

from __future__ import annotations

import shutil
from importlib.metadata import version as installed
from pathlib import Path

from sphinx.application import Sphinx

PAGES = {
    "For listeners": ["docs/getting-started", "docs/making-it-yours", "docs/voice", "docs/sound"],
    "For authors": ["docs/language"],
    "For programmers": ["docs/site/python", "docs/architecture", "docs/performance", "docs/adding", "CONTRIBUTING"],
    "Releases": ["CHANGELOG"],
}

project = "voiceguide"
project_copyright = "the authors of voiceguide; GPL-3.0-or-later"
release = version = installed("voiceguide")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "README"
include_patterns = ["*.md", "docs/**.md"]
myst_heading_anchors = 6
myst_links_external_new_tab = False
smartquotes = False
autodoc_typehints = "description"
autodoc_member_order = "bysource"
html_theme = "furo"
html_title = f"voiceguide {release}"
html_show_sphinx = False
html_copy_source = False
# Words of a console that aren't ours are shown as they are.
highlight_language = "none"


def setup(app: Sphinx) -> None:
    app.connect("source-read", _add_contents)
    app.connect("build-finished", _add_index)


def _add_contents(_app: Sphinx, page: str, source: list[str]) -> None:
    """The README gets the list of pages, hidden in its text and shown at the side; pages in no list come last."""
    if page != root_doc:
        return
    listed = {root_doc, *(each for pages in PAGES.values() for each in pages)}
    others = sorted({str(path.with_suffix("")) for path in _pages()} - listed)
    for caption, pages in PAGES.items():
        names = [*pages, *(others if caption == "For programmers" else [])]
        source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n" + "\n".join(names) + "\n```\n"


def _pages() -> list[Path]:
    root = Path(__file__).parents[2]
    return [path.relative_to(root) for path in [*root.glob("*.md"), *root.glob("docs/*.md")]]


def _add_index(app: Sphinx, failed: Exception | None) -> None:
    """A folder opens with its index.html: the front page under that name too."""
    if failed is None:
        shutil.copyfile(Path(app.outdir, f"{root_doc}.html"), Path(app.outdir, "index.html"))
