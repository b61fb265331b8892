#!/usr/bin/env python3
"""Builds the guide as a site, and checks that each of its links leads to a page and an anchor of it.

    pip install -r tests/tidy/requirements.txt
    python3 tests/tidy/book.py
"""

import html.parser
import pathlib
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOOK = ROOT / "target/book"
# Written by mdbook, with links that depend on where the site is served, or once more all pages.
LEFT_OUT = {"404.html", "print.html", "toc.html"}


class Page(html.parser.HTMLParser):
    """The anchors and the links of a page."""

    def __init__(self, path):
        super().__init__()
        self.anchors, self.links = set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors.update(attributes[name] for name in ("id", "name") if attributes.get(name))
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])


def main():
    built = subprocess.run(["mdbook", "build", ROOT / "docs"], capture_output=True, text=True)
    if built.returncode != 0 or "WARN" in built.stderr:
        sys.exit(built.stdout + built.stderr)
    pages = {path: Page(path) for path in BOOK.rglob("*.html") if path.name not in LEFT_OUT}
    wrong = []
    for path, page in pages.items():
        for link in page.links:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            anchor = urllib.parse.unquote(parts.fragment)
            if not target.exists() or anchor and target in pages and anchor not in pages[target].anchors:
                wrong.append(f"{path.relative_to(BOOK)} links to {link}")
    if wrong:
        sys.exit("\n".join(sorted(wrong)))
    print(f"book: ok ({len(pages)} pages)")


if __name__ == "__main__":
    main()
