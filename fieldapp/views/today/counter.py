"""The counter at which this phone asks customers: the way in, and what is still only here."""

from __future__ import annotations

import flet as ft

from fieldapp.language import _, fill, read, say
from fieldapp.state import App
from fieldapp.views import kit
from fieldapp.views.hooks import go, use_fields


@ft.component
def CounterCard(app: App) -> ft.Control:
    """Hands the phone to the customers; needs a PIN, the one way back."""
    use_fields(app.lock, "lock")
    waiting = app.ports.store.counter_answers()
    refused = next((answer.reason for answer in waiting if answer.reason is not None), None)

    async def leave(_event: object) -> None:
        await app.lock.leave_to_customers()

    rows: list[ft.Control] = []
    if app.counter is not None:
        told = fill("This phone asks the customers of {company}.", company=read(app.counter.name))
        rows += [kit.heading(_("At a counter")), kit.words(told)]
        rows.append(kit.quiet(_("From then on it shows their questions alone; the PIN ends it.")))
    if waiting:
        rows.append(kit.quiet(fill("Answers of customers, not yet on the server: {count}", count=len(waiting))))
    if refused is not None:
        rows.append(kit.banner(kit.Tone.CAUTION, say(refused)))
    if app.counter is not None and app.lock.lock is not None:
        rows.append(kit.tonal_button(_("Leave it to the customers"), leave, "leave-to-customers"))
    elif app.counter is not None:
        rows.append(kit.side_button(_("Choose a PIN first"), lambda _e: go("/settings"), "counter-pin"))
    return kit.card(rows, key="counter")


def counter_card(app: App) -> list[ft.Control]:
    """Return it, where there is something to say."""
    return [CounterCard(app)] if app.counter is not None or app.ports.store.counter_answers() else []
