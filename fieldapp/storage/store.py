"""The Store: one TinyDB file for each assessment, and one for each document beside them.

    assessments/<id>.json   tables "assessment" and "delivery"
    forms/<id>.json         a form the server sent
    feed.json device.json settings.json
    counter/<id>.json       what a customer answered at a counter, until the server has it
    takes/                  recordings that are being made (storage/takes.py)
    set_aside/              what could not be read, moved out of the way

What is read once stays in memory; a save never reads or writes another file than its own.
"""

from __future__ import annotations

import secrets
import shutil
import uuid
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from checklists.forms.form import Form
from checklists.record.assessment import Assessment
from checklists.wire import encode
from fieldapp.kept import CounterAnswer, Delivery, Device, Feed, Settings
from fieldapp.ports import SetAside
from fieldapp.storage import atomic, takes
from fieldapp.storage.keeper import Keeper
from fieldapp.storage.tiny import UnreadableError, read_value, write_value

T = TypeVar("T")
_FOLDERS = ("assessments", "forms", "media", "set_aside", "counter", takes.FOLDER)


class TinyStore:
    """See `fieldapp.ports.Store` for the contract."""

    def __init__(self, keeper: Keeper, before_any_choice: Settings | None = None) -> None:
        self._keeper = keeper
        self._before_any_choice = before_any_choice or Settings()
        self._assessments: dict[str, Assessment] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._forms: dict[str, Form] = {}
        self._counter_answers: dict[str, CounterAnswer] = {}
        self._feed = Feed()
        self._device = Device(id="")
        self._settings = self._before_any_choice
        self._set_aside: list[SetAside] = []

    async def open(self) -> tuple[SetAside, ...]:
        """Open the folder and read every record; media and forms are not touched."""
        folder = self._keeper.folder
        await folder.open()
        self._assessments, self._deliveries, self._forms, self._set_aside = {}, {}, {}, []
        self._counter_answers = {}
        atomic.sweep(folder.root)
        for name in _FOLDERS:
            self._place(name).mkdir(exist_ok=True)
            atomic.sweep(self._place(name))
        self._settings = self._read("settings.json", Settings) or self._before_any_choice
        self._feed = self._read("feed.json", Feed) or Feed()
        self._read_assessments()
        for path in sorted(self._place("counter").glob("*.json")):
            if answer := self._read(f"counter/{path.name}", CounterAnswer):
                self._counter_answers[answer.id] = answer
        device = self._read("device.json", Device)
        if device:
            self._device = device
        else:
            await self.save_device(Device(id=str(uuid.uuid4())))
        if self._set_aside:
            await folder.flush()
        return tuple(self._set_aside)

    def assessments(self) -> tuple[Assessment, ...]:
        """Return the newest revision of every assessment, oldest first."""
        return tuple(sorted(self._assessments.values(), key=lambda kept: (kept.started_at, kept.id)))

    def load(self, assessment_id: str) -> Assessment | None:
        """Return the newest revision, or None."""
        return self._assessments.get(assessment_id)

    async def save(self, assessment: Assessment) -> None:
        """Keep it in place of its earlier state. Raises NotKept."""
        await self._keep(self._assessment_path(assessment.id), "assessment", assessment)
        self._assessments[assessment.id] = assessment

    def delivery(self, assessment_id: str) -> Delivery:
        """Return where it is."""
        return self._deliveries.get(assessment_id) or Delivery(assessment_id=assessment_id)

    async def save_delivery(self, delivery: Delivery) -> None:
        """Keep it beside its assessment. Raises NotKept."""
        await self._keep(self._assessment_path(delivery.assessment_id), "delivery", delivery)
        self._deliveries[delivery.assessment_id] = delivery

    async def remove(self, assessment_id: str) -> None:
        """Forget one assessment. Raises NotKept."""
        path = self._assessment_path(assessment_id)
        async with self._keeper.change(path):
            atomic.remove(path)
        self._assessments.pop(assessment_id, None)
        self._deliveries.pop(assessment_id, None)

    def counter_answers(self) -> tuple[CounterAnswer, ...]:
        """Return what customers answered here and the server does not have yet, oldest first."""
        return tuple(sorted(self._counter_answers.values(), key=lambda kept: (kept.answered_at, kept.id)))

    async def save_counter_answer(self, answer: CounterAnswer) -> None:
        """Keep it. Raises NotKept."""
        await self._keep(self._place("counter") / _file_name(answer.id), "counteranswer", answer)
        self._counter_answers[answer.id] = answer

    async def remove_counter_answer(self, answer_id: str) -> None:
        """Forget one that the server has. Raises NotKept."""
        path = self._place("counter") / _file_name(answer_id)
        async with self._keeper.change(path):
            atomic.remove(path)
        self._counter_answers.pop(answer_id, None)

    def form(self, form_id: str) -> Form | None:
        """Return a form the server sent, or None. Read from its file the first time it is asked for."""
        if form_id not in self._forms:
            form = self._read(f"forms/{_file_name(form_id)}", Form)
            if form is None:
                return None
            self._forms[form_id] = form
        return self._forms[form_id]

    async def save_form(self, form: Form) -> None:
        """Keep a form. Raises NotKept."""
        await self._keep(self._place("forms") / _file_name(form.id), "form", form)
        self._forms[form.id] = form

    def feed(self) -> Feed:
        """Return what the server has sent, with its cursor."""
        return self._feed

    async def save_feed(self, feed: Feed) -> None:
        """Keep content and cursor in one write. Raises NotKept."""
        await self._keep(self._place("feed.json"), "feed", feed)
        self._feed = feed

    def device(self) -> Device:
        """Return who this device is."""
        return self._device

    async def save_device(self, device: Device) -> None:
        """Keep it. Raises NotKept."""
        await self._keep(self._place("device.json"), "device", device)
        self._device = device

    def settings(self) -> Settings:
        """Return the assessor's choices."""
        return self._settings

    async def save_settings(self, settings: Settings) -> None:
        """Keep them. Raises NotKept."""
        await self._keep(self._place("settings.json"), "settings", settings)
        self._settings = settings

    async def wipe(self) -> None:
        """Forget everything but settings and the device's id; the token goes first."""
        await self.save_device(Device(id=self._device.id, name=self._device.name))
        async with self._keeper.change(self._place("feed.json")):
            atomic.remove(self._place("feed.json"))
            for name in _FOLDERS:
                shutil.rmtree(self._place(name))
                self._place(name).mkdir()
        self._assessments, self._deliveries, self._forms, self._feed = {}, {}, {}, Feed()
        self._counter_answers = {}

    async def _keep(self, path: Path, table: str, value: object) -> None:
        async with self._keeper.change(path, needed_bytes=len(encode(value))):
            write_value(path, table, value)

    def _read_assessments(self) -> None:
        for path in sorted(self._place("assessments").glob("*.json")):
            assessment = self._read(f"assessments/{path.name}", Assessment)
            if assessment is None:
                if path.exists():
                    self._move_aside(path, f"{path.name}: holds no assessment")
                continue
            self._assessments[assessment.id] = assessment
            delivery = self._read(f"assessments/{path.name}", Delivery)
            if delivery:
                self._deliveries[assessment.id] = delivery

    def _read(self, name: str, kind: type[T]) -> T | None:
        path = self._place(name)
        try:
            return read_value(path, kind.__name__.lower(), kind)
        except UnreadableError as error:
            self._move_aside(path, str(error))
            return None

    def _move_aside(self, path: Path, why: str) -> None:
        path.replace(self._place("set_aside") / f"{secrets.token_hex(4)}-{path.name}")
        self._set_aside.append(SetAside(name=path.name, why=why))

    def _assessment_path(self, assessment_id: str) -> Path:
        return self._place("assessments") / _file_name(assessment_id)

    def _place(self, name: str) -> Path:
        return self._keeper.folder.root / name


def _file_name(name: str) -> str:
    return quote(name, safe="@").replace(".", "%2E") + ".json"
