"""The formulas of an XLSForm taken apart into operators and what they stand between. XPath 1.0 as forms use it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

LONGEST = 20_000  # characters of one formula
DEEPEST = 60
# A word processor bends them. Other tools read them as straight ones, too.
_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})

_TOKEN = re.compile(
    r"\s*(?:(?P<name>\$\{(?P<inside>[^{}]*)\})|(?P<word>'[^']*'|\"[^\"]*\")"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)|(?P<sign><=|>=|!=|<>|[-=<>+*/(),|\[\]])"
    r"|(?P<call>[A-Za-z_][\w.:-]*)|(?P<dot>\.\.?|@|//?))",
    re.ASCII,
)
_LEVELS = (("or",), ("and",), ("=", "!=", "<>"), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
BINDS: Mapping[str, int] = {text: level for level, texts in enumerate(_LEVELS, start=1) for text in texts}


class FormulaError(ValueError):
    """It is no formula; `at` is where reading stopped, from 1."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Node(NamedTuple):
    """One node: `kind` is name, word, number, call or other; `text` the operator or function; `of` its parts."""

    kind: str
    text: str
    of: tuple[Node, ...] = ()


def parsed(formula: str) -> Node:
    """Return the tree of `formula`, whose quotation marks may be curly ones where it makes no other sense.

    Raises:
        FormulaError: it cannot be read to its end.
    """
    if len(formula) > LONGEST:
        raise FormulaError(LONGEST)
    straight = formula.translate(_STRAIGHT)
    try:
        return _Parser(formula).whole()
    except FormulaError:
        if straight == formula:
            raise
        return _Parser(straight).whole()


def names_in(formula: str) -> Iterator[str]:
    """Yield the names that stand in ${...}, those of an earlier submission left out."""
    for match in re.finditer(r"\$\{([^{}]*)\}", formula):
        name = match[1].strip()
        if not name.startswith("last-saved#"):
            yield name


def named(node: Node) -> Node:
    """Return `node` with each plain path, "/data/group/age" or "../age", as the name at its end."""
    if node.kind == "other" and node.text == "/":
        steps = list(_steps(node))
        is_plain = all(not step.of and (step.kind == "other" or step.text == "current") for step in steps)
        if is_plain and steps[-1].text.isidentifier():
            return Node("name", steps[-1].text)
    return Node(node.kind, node.text, tuple(named(part) for part in node.of))


def _steps(node: Node) -> Iterator[Node]:
    if node.text == "/" and node.of:
        for part in node.of:
            yield from _steps(part)
    else:
        yield node


class _Parser:
    def __init__(self, formula: str) -> None:
        self._tokens: list[tuple[str, str, int]] = []
        formula = formula.replace("\N{NO-BREAK SPACE}", " ")
        at = 0
        while formula[at:].strip():
            match = _TOKEN.match(formula, at)
            if match is None or match.end() == at:
                raise FormulaError(at + 1)
            kind = str(match.lastgroup) if match.lastgroup != "inside" else "name"
            self._tokens.append((kind, match["inside"].strip() if kind == "name" else match[kind], at + 1))
            at = match.end()
        self._end = len(formula) + 1
        self._at = 0

    def whole(self) -> Node:
        node = self._binary(0, 0)
        if self._at < len(self._tokens):
            raise FormulaError(self._tokens[self._at][2])
        return node

    def _peek(self) -> tuple[str, str, int]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "", self._end)

    def _take(self) -> tuple[str, str, int]:
        token = self._peek()
        self._at += 1
        return token

    def _binary(self, least: int, depth: int) -> Node:
        if depth > DEEPEST:
            raise FormulaError(self._peek()[2])
        left = self._unary(depth)
        while True:
            kind, text, _ = self._peek()
            binds = BINDS.get(text.lower(), 0) if kind in ("sign", "call") else 0
            if binds <= least:
                return left
            self._take()
            right = self._binary(binds, depth + 1)
            operator = "!=" if text == "<>" else text.lower()
            left = Node("operator", operator, (left, right))

    def _unary(self, depth: int) -> Node:
        kind, text, at = self._take()
        if depth > DEEPEST:
            raise FormulaError(at)
        if (kind, text) == ("sign", "-"):
            return Node("operator", "minus", (self._unary(depth + 1),))
        if (kind, text) == ("sign", "("):
            node = self._binary(0, depth + 1)
            self._expect(")")
            return self._path(node, depth)
        if kind == "word":
            return Node("word", text[1:-1])
        if kind in ("name", "number"):
            return self._path(Node(kind, text), depth)
        if kind == "call" and self._peek()[1] == "(":
            return self._path(self._call(text, depth), depth)
        if kind in ("call", "dot") or text == "*":
            return self._path(Node("other", text), depth)
        if text in ("/", "//"):
            return self._path(Node("other", text, (self._unary(depth + 1),)), depth)
        raise FormulaError(at)

    def _call(self, name: str, depth: int) -> Node:
        self._take()
        parts: list[Node] = []
        while self._peek()[1] != ")" or self._peek()[0] != "sign":
            parts.append(self._binary(0, depth + 1))
            if self._peek()[:2] == ("sign", ","):
                self._take()
            elif self._peek()[:2] != ("sign", ")"):
                raise FormulaError(self._peek()[2])
        self._take()
        return Node("call", name.lower(), tuple(parts))

    def _path(self, node: Node, depth: int) -> Node:
        """Take the rest of a path, which no condition here can say: steps, and what is chosen among them."""
        while True:
            kind, text, _ = self._peek()
            if (kind, text) == ("sign", "["):
                self._take()
                inside = self._binary(0, depth + 1)
                self._expect("]")
                node = Node("other", "[", (node, inside))
            elif text in ("/", "//", "|") and kind in ("sign", "dot"):
                self._take()
                node = Node("other", text, (node, self._unary(depth + 1)))
            else:
                return node

    def _expect(self, sign: str) -> None:
        kind, text, at = self._take()
        if (kind, text) != ("sign", sign):
            raise FormulaError(at)
