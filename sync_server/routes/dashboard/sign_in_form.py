"""The sign-in form, wherever it is shown: a password, or the provider where there is one."""

from __future__ import annotations

from litestar import Response

from checklists.language import Sentence
from sync_server.routes.dashboard.page import Page, services_of


def sign_in_form(
    page: Page,
    *,
    problem: Sentence | None = None,
    status: int = 200,
    username: str = "",
    onward: str = "/",
    kept: str = "",
) -> Response[str]:
    """Return the form. `onward` is where it leads, on this site; `kept` are words of an earlier form (KEPT)."""
    provider = services_of(page.request).provider
    return page.html(
        "sign_in.html",
        status=status,
        problem=problem,
        username=username,
        next=onward,
        kept=kept,
        provider=provider.name if provider else "",
    )
