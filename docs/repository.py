#!/usr/bin/env python3
"""A preprocessor of mdbook: what leads from a page to a file outside the book leads to the repository.

A link becomes one to REPOSITORY, the address under which the files are shown, such as https://host/owner/name/blob/main. Without
REPOSITORY only the text of the link stays, with the path if it isn't the text already. The languages of code blocks lose the path of the file
that a block shows, which becomes a line above it.
"""

import json
import os
import posixpath
import re
import sys

LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w+) ([^\n]+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def chapters(items):
    for item in items:
        if chapter := isinstance(item, dict) and item.get("Chapter"):
            yield chapter
            yield from chapters(chapter["sub_items"])


def rewrite(text, path, pages, base):
    """The text of the page `path`, with the links that leave the book rewritten."""

    def link(match):
        label, target = match.groups()
        file, _, fragment = target.partition("#")
        if "://" in target or not file or target.startswith("mailto:"):
            return match[0]
        found = posixpath.normpath(posixpath.join("docs", posixpath.dirname(path), file))
        if found.removeprefix("docs/") in pages:
            return match[0]
        if base:
            return f"[{label}]({base}/{found}{'#' if fragment else ''}{fragment})"
        return label if found in label else f"{label} (`{found}`)"

    result, end = [], 0
    for code in CODE.finditer(text):
        result.append(LINK.sub(link, text[end : code.start()]))
        result.append(BLOCK.sub(r"`\2`:\n\n```\1", code[0], count=1))
        end = code.end()
    result.append(LINK.sub(link, text[end:]))
    return "".join(result)


def main():
    if sys.argv[1:2] == ["supports"]:
        return
    _, book = json.load(sys.stdin)
    base = os.environ.get("REPOSITORY", "").rstrip("/")
    found = list(chapters(book["items"]))
    pages = {chapter["path"] for chapter in found}
    for chapter in found:
        chapter["content"] = rewrite(chapter["content"], chapter["path"], pages, base)
    json.dump(book, sys.stdout)


if __name__ == "__main__":
    main()
