"""The composition root: `create_app(config)` puts the server together. Wiring only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from litestar import Litestar
from litestar.config.app import AppConfig
from litestar.middleware import DefineMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

from checklists.wire import prepare_structs
from sync_server import clock as clocks
from sync_server.award.standings import Standings
from sync_server.clock import Clock
from sync_server.config import Config
from sync_server.custody.blackouts import BLACK_OUT, BlackOutJob
from sync_server.custody.file_retention import periods_of
from sync_server.custody.retention import Retention
from sync_server.custody.retention_job import RetentionJob
from sync_server.database.engine import Database
from sync_server.database.log_copying import LogCopying
from sync_server.database.migrations import upgrade
from sync_server.database.notices import Listener
from sync_server.database.queries.jobs import Job, ask_for, free_taken
from sync_server.database.writer import Writer
from sync_server.evidence.arrivals import DERIVE, ask_for_missing_derivatives
from sync_server.evidence.configured_store import open_media
from sync_server.evidence.derive_job import DeriveJob
from sync_server.evidence.expire_job import EXPIRE_JOB, ExpireJob
from sync_server.evidence.uploads import Uploads
from sync_server.evidence.workshop import Workshop
from sync_server.exchange.csv.importing import WHILE_SERVING, Importing
from sync_server.exchange.downloads import KIND as DOWNLOAD
from sync_server.exchange.downloads import DownloadJob
from sync_server.exchange.faq_desk import FaqDayJob
from sync_server.exchange.openrosa.collecting import Collecting
from sync_server.feed.open_pages import EventHub
from sync_server.fieldwork.assignments import AssignmentBook
from sync_server.fieldwork.checking import Checking
from sync_server.fieldwork.intake import Intake
from sync_server.fieldwork.record_check import RecordCheck
from sync_server.jobs.wishes import FAQ_JOB, RELEASE_JOB, ask_for_retention
from sync_server.jobs.worker import Rests, Worker
from sync_server.machine import field_app
from sync_server.machine.host_names import HostNames
from sync_server.machine.metrics import Metrics
from sync_server.machine.request_log import RequestLog
from sync_server.people.day_quota import DayQuota
from sync_server.people.device_tokens import DeviceKeys
from sync_server.people.visitors import Visitors
from sync_server.people.vouching import Provider
from sync_server.post.caller import Caller
from sync_server.post.outbox import POST_JOB, PostJob, note_mail_server
from sync_server.post.smtp import MailServer
from sync_server.post.webhooks import HOOK_JOB, HookJob
from sync_server.review.figures import Figures, in_turn, jobs_missing
from sync_server.review.queue import keep_seed
from sync_server.review.tallies import Tallies
from sync_server.routes import api, calendar, dashboard, health, odata, openrosa
from sync_server.routes.api.push import PushDoor
from sync_server.routes.bounds import FORM_BYTES, RECORD_BYTES_A_DAY, BoundedRequest
from sync_server.season.forms import FormBook
from sync_server.season.observed_time import ObservedTime
from sync_server.season.release import ReleaseJob
from sync_server.services import Services

# Each arrival asks for a standing anew, so while many arrive they are never done: they get 3 % of the time. A rest is
# no longer than other work's, and whoever waits for a standing waits seconds.
STANDINGS_REST = Rests(while_devices_wait=30)


class _Application(Litestar):
    """The framework without what it adds for pydantic and attrs where they are installed: nothing here is either, and
    they are 9 MB. It has no setting for that; were this name gone in a later release, the memory alone would tell.
    """

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def create_app(config: Config, *, web_app: Path | None = None, clock: Clock = clocks.now) -> Litestar:
    """Return the server: API, dashboard, and the field app of the built folder `web_app` at /app/.

    Opens and migrates the database now; threads start and stop with the app's lifespan. `app.state.services` holds
    the parts. Each room of routes adds itself in its `plug(app_config, services)`.
    """
    prepare_structs()
    services = _services(config, clock)
    app_config = AppConfig(
        lifespan=[_lifespan(services)],
        openapi_config=OpenAPIConfig(
            title="Mystery shopper sync server",
            version="1",
            path="/api/v1/schema",
            render_plugins=[JsonRenderPlugin()],  # the drawn ones load scripts from elsewhere
        ),
        request_class=BoundedRequest,
        request_max_body_size=FORM_BYTES,
    )
    app_config.state["services"] = services
    app_config.middleware.append(DefineMiddleware(RequestLog, metrics=services.metrics))
    health.plug(app_config)
    api.plug(app_config, services)
    odata.plug(app_config)
    openrosa.plug(app_config)
    calendar.plug(app_config)
    dashboard.plug(app_config, services)
    if web_app is not None:
        app_config.route_handlers.append(field_app.route(web_app))
    app = _Application.from_config(app_config)
    app.asgi_handler = PushDoor(app.asgi_handler, services)
    return app


def _services(config: Config, clock: Clock) -> Services:
    database = Database(config.database)
    upgrade(database)
    writer = Writer(database, queue_limit=config.writer_queue, batch_limit=config.writer_batch)
    forms = FormBook()
    assignments = AssignmentBook(database)
    records, intake = RecordCheck(database, assignments, forms), Intake()
    store, parts = open_media(config)
    time = ObservedTime()
    retention = Retention(database, store, forms, periods_of(config), by="system")
    uploads = Uploads(database, writer, store, parts, clock, expiry=timedelta(hours=config.upload_expiry_h))
    workshop = Workshop()
    calling_out = Caller(filter(None, config.webhook_private_hosts.split(",")))
    derive = DeriveJob(database, writer, store, clock, workshop)
    black_out = BlackOutJob(database, writer, store, clock, workshop)
    return Services(
        config=config,
        host_names=HostNames(config.names),
        clock=clock,
        time=time,
        database=database,
        writer=writer,
        events=EventHub(database),
        forms=forms,
        assignments=assignments,
        devices=DeviceKeys(database),
        quota=DayQuota(RECORD_BYTES_A_DAY),
        visitors=Visitors(),
        provider=_provider(config),
        typists=Visitors(600),
        papers=Visitors(30),
        records=records,
        checking=Checking(records, config.database, intake.turn, lambda: writer.waiting),
        intake=intake,
        collecting=Collecting(database, writer, store, forms=forms, records=records, intake=intake),
        media=store,
        metrics=Metrics(),
        scoring=Worker(
            database,
            writer,
            clock,
            {},
            together={
                "standing": in_turn(
                    Standings(database, clock, forms),
                    Figures(database, forms, clock),
                    Tallies(database, forms, clock),
                )
            },
            rests=STANDINGS_REST,
        ),
        work=Worker(
            database,
            writer,
            clock,
            {
                DERIVE: derive,
                DOWNLOAD: DownloadJob(database, config.database, writer, clock, config.data_dir),
                BLACK_OUT: black_out,
            },
            give_up={DERIVE: derive.give_up, BLACK_OUT: black_out.give_up},
        ),
        workshop=workshop,
        upkeep=Worker(
            database,
            writer,
            clock,
            {
                "import": Importing(database, writer.run_from_thread, clock, rest=WHILE_SERVING),
                "expire": ExpireJob(uploads, writer, clock),
                "release": ReleaseJob(writer, clock, time),
                "faqs": FaqDayJob(writer, clock),
                "retain": RetentionJob(writer, clock, time, retention),
            },
        ),
        telling=Worker(database, writer, clock, {HOOK_JOB.kind: HookJob(database, writer, clock, calling_out)}),
        mailing=Worker(
            database, writer, clock, {POST_JOB.kind: PostJob(database, writer, clock, MailServer.of(config.smtp_url))}
        ),
        uploads=uploads,
    )


def _provider(config: Config) -> Provider | None:
    if not config.oidc_issuer:
        return None
    # Loading it takes a third of a second, which a server without a provider need not spend at its start.
    from sync_server.people.provider import OpenIdProvider  # noqa: PLC0415

    return OpenIdProvider(
        issuer=config.oidc_issuer,
        client_id=config.oidc_client_id,
        client_secret=config.oidc_secret,
        claim=config.oidc_claim,
        name=config.oidc_name,
    )


def _jobs_missing(database: Database) -> Sequence[Job]:
    with database.reading() as db:
        return jobs_missing(db)


def _lifespan(services: Services) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    log = LogCopying(services.database, services.writer) if services.database.is_sqlite else None
    has_mail_server = bool(services.config.smtp_url)
    listener = None if services.database.is_sqlite else Listener(services.config.database, services.wake)

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        services.events.start()
        services.writer.after_commit(services.wake)
        services.writer.start()
        # Before anybody can come in: entries of the audit log must not vouch for a clock that nobody looked at.
        await services.writer.run(lambda db: services.time.note(db, services.clock()))
        if services.database.is_sqlite:
            await services.writer.run(free_taken)
        if log:
            log.start()
        services.work.start()
        services.upkeep.start()
        services.scoring.start()
        services.telling.start()
        if has_mail_server:
            services.mailing.start()
        if listener:
            listener.start()
        await services.writer.run(
            lambda db: ask_for(db, [EXPIRE_JOB, RELEASE_JOB, FAQ_JOB, HOOK_JOB], services.clock())
        )
        await services.writer.run(lambda db: keep_seed(db, services.clock()))
        # Read apart: looking at every visit would fill the writer's own pages, which are many.
        missing = await asyncio.to_thread(_jobs_missing, services.database)
        await services.writer.run(lambda db: ask_for(db, missing, services.clock()))
        await services.writer.run(lambda db: ask_for_missing_derivatives(db, services.clock()))
        await services.writer.run(lambda db: ask_for_retention(db, services.clock()))
        await services.writer.run(lambda db: note_mail_server(db, services.clock(), is_there=has_mail_server))
        try:
            yield
        finally:
            services.events.close()
            await services.checking.close()
            if listener:
                listener.close(services.config.shutdown_s)
            services.work.close(services.config.shutdown_s)
            services.upkeep.close(services.config.shutdown_s)
            services.mailing.close(services.config.shutdown_s)
            services.telling.close(services.config.shutdown_s)
            services.workshop.close()
            services.scoring.close(services.config.shutdown_s)
            services.writer.close(services.config.shutdown_s)
            if log:
                log.close(services.config.shutdown_s)
            services.database.close()

    return running
