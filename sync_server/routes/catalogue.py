"""Every code with which the server turns a request down: its status, its sentence, what to do, and who does it.

ERR-1  The API and the dashboard answer from this table. A page says it in its reader's language, the API in English.
ERR-2  Every code raised anywhere in the server has a row, and every row is raised somewhere.
ERR-3  The README's table is made from this one: `python -m tests.error_table` writes it.

A 4xx is for the caller to change; a 5xx is repeated later as it is. Codes are permanent and never reused.
"""

from __future__ import annotations

from collections.abc import Mapping

from checklists.language import N_
from sync_server.routes.catalogue_entry import Actor, Entry, PageWords

# Pages whose titles also stand over a code without a page of its own.
FAULT = PageWords(
    title=N_("Something went wrong here"),
    words=N_("The fault is the server's, not yours, and it was noted. Nothing was half done. Try again in a moment."),
)
UNREADABLE = PageWords(title=N_("This cannot be read"))

CATALOGUE: Mapping[str, Entry] = {
    # ---- nobody: a phone tries again by itself
    "too-busy": Entry(
        status=503,
        actor=Actor.NOBODY,
        sentence=N_("The server has more to write than it may hold."),
        remedy=N_("Try again in a few seconds."),
        page=PageWords(
            title=N_("Busy just now"), words=N_("The server has more to write than it can. Try again in a few seconds.")
        ),
        headers={"Retry-After": "1"},
    ),
    "database-away": Entry(
        status=503,
        actor=Actor.NOBODY,
        sentence=N_("The server's database is away; send it again."),
        page=PageWords(
            title=N_("The database does not answer"), words=N_("Nothing was changed. Try again in a few seconds.")
        ),
        headers={"Retry-After": "2"},
    ),
    "edition-away": Entry(
        status=503,
        actor=Actor.NOBODY,
        sentence=N_("No edition at this address is open just now; nothing was changed."),
        remedy=N_("Whoever runs the server sees why in the list of editions."),
        page=PageWords(title=N_("This edition is not open")),
        headers={"Retry-After": "60"},
    ),
    "storage-full": Entry(
        status=507,
        actor=Actor.NOBODY,
        sentence=N_("The server's disk is full; nothing was kept."),
        remedy=N_("Whoever runs the server must make room."),
        page=PageWords(
            title=N_("The server's disk is full"),
            words=N_("Nothing was changed. Whoever runs the server must make room; then repeat it."),
        ),
        headers={"Retry-After": "30"},
    ),
    "internal-error": Entry(
        status=500,
        actor=Actor.NOBODY,
        sentence=N_("Something went wrong in the server; it was noted."),
        remedy=N_("Try again later."),
        page=FAULT,
    ),
    "rules-unreadable": Entry(
        status=500,
        actor=Actor.COORDINATOR,
        sentence=N_("The rules of the season cannot be read."),
        remedy=N_("Whoever runs the server should start the release that kept them, or a newer one."),
        page=PageWords(
            title=N_("The rules of the season cannot be read"),
            words=N_(
                "Another release of this server kept them, and this one cannot read them: {problems}. Nothing is lost, "
                "and phones can go on sending. Whoever runs the server should start the release that kept the rules, "
                "or a newer one."
            ),
        ),
    ),
    "too-many-requests": Entry(
        status=429,
        actor=Actor.NOBODY,
        sentence=N_("Too many unknown codes came from here."),
        remedy=N_("Wait a little."),
    ),
    "device-quota": Entry(
        status=429,
        actor=Actor.NOBODY,
        sentence=N_("This device has sent as many records today as it may."),
        remedy=N_("It goes on tomorrow by itself."),
    ),
    "uploads-open": Entry(
        status=429,
        actor=Actor.NOBODY,
        sentence=N_("This device has {limit} unfinished uploads, the most there may be."),
        remedy=N_("Finish or end one of them first."),
        headers={"Retry-After": "60"},
    ),
    "upload-bytes-open": Entry(
        status=429,
        actor=Actor.NOBODY,
        sentence=N_("The unfinished uploads of this device would be more than {limit} bytes."),
        remedy=N_("Finish or end one of them first."),
        headers={"Retry-After": "60"},
    ),
    "body-cut": Entry(status=408, actor=Actor.NOBODY, sentence=N_("The body ended early; send it again.")),
    "upload-busy": Entry(
        status=423,
        actor=Actor.NOBODY,
        sentence=N_("Another request is writing to this upload."),
        remedy=N_("Ask for its offset in a moment."),
    ),
    "offset-differs": Entry(
        status=409, actor=Actor.NOBODY, sentence=N_("The upload is at another offset; ask for it with HEAD.")
    ),
    "checksum-differs": Entry(
        status=460,
        actor=Actor.NOBODY,
        sentence=N_("The body does not have the checksum it was sent with."),
        remedy=N_("Send it again."),
    ),
    "hash-differs": Entry(
        status=460,
        actor=Actor.NOBODY,
        sentence=N_("The file does not have the SHA-256 it was announced with; it is gone."),
        remedy=N_("Announce it with the SHA-256 of its bytes."),
    ),
    "upload-gone": Entry(status=410, actor=Actor.NOBODY, sentence=N_("This upload has ended; begin another one.")),
    "upload-unknown": Entry(
        status=404,
        actor=Actor.NOBODY,
        sentence=N_("There is no such upload of this device."),
        remedy=N_("Announce the file again."),
    ),
    "device-of-another": Entry(
        status=409,
        actor=Actor.NOBODY,
        sentence=N_("This device id belongs to another assessor's phone."),
        remedy=N_("Enrol under a new id; the code is still good."),
    ),
    # ---- the assessor
    "enrolment-code-unknown": Entry(
        status=404,
        actor=Actor.ASSESSOR,
        sentence=N_("There is no such enrolment code."),
        remedy=N_("Check it, or ask for a new one."),
    ),
    "enrolment-code-used": Entry(
        status=409,
        actor=Actor.ASSESSOR,
        sentence=N_("This enrolment code was used already."),
        remedy=N_("Ask for a new one."),
    ),
    "enrolment-code-expired": Entry(
        status=410,
        actor=Actor.ASSESSOR,
        sentence=N_("This enrolment code has expired."),
        remedy=N_("Ask for a new one."),
    ),
    "enrolment-code-revoked": Entry(
        status=410,
        actor=Actor.ASSESSOR,
        sentence=N_("This enrolment code was withdrawn."),
        remedy=N_("Ask for a new one."),
    ),
    "token-not-valid": Entry(
        status=401,
        actor=Actor.ASSESSOR,
        sentence=N_("This device is not enrolled, or its access was withdrawn."),
        remedy=N_("Enrol it with a new code; nothing is lost."),
        headers={"WWW-Authenticate": "Bearer"},
    ),
    # ---- the coordinator
    "record-not-valid": Entry(
        status=422,
        actor=Actor.COORDINATOR,
        sentence=N_("The record was not kept: it has problems, each named in details."),
        remedy=N_("Correct them and send it again."),
    ),
    "revision-conflict": Entry(
        status=409,
        actor=Actor.COORDINATOR,
        sentence=N_("The server holds other content under this id and revision."),
        remedy=N_("Both are kept; the coordinator decides."),
    ),
    "schema-too-new": Entry(
        status=422,
        actor=Actor.COORDINATOR,
        sentence=N_("The record is written in schema {schema}, and this server reads schemas up to {newest}."),
        remedy=N_("Keep it on the device, update the server, and send it again."),
    ),
    "recording-not-allowed": Entry(
        status=403,
        actor=Actor.COORDINATOR,
        sentence=N_("This contact may not be recorded; an audio note of the assessor's own voice may stay."),
    ),
    "assignment-not-yours": Entry(
        status=403,
        actor=Actor.COORDINATOR,
        sentence=N_("This assignment was not given to you."),
        remedy=N_("Ask the coordinator to hand it to you."),
    ),
    "counter-not-ordered": Entry(
        status=403,
        actor=Actor.COORDINATOR,
        sentence=N_("This phone was never set to the counter of that company."),
        remedy=N_("Ask the coordinator to set it there."),
    ),
    "counter-answer-not-valid": Entry(
        status=422,
        actor=Actor.COORDINATOR,
        sentence=N_("The customer's answers are not whole; each problem is named with its question."),
    ),
    "survey-not-open": Entry(
        status=409,
        actor=Actor.COORDINATOR,
        sentence=N_("No survey was open when the customer answered."),
        remedy=N_("Set when the survey is open, then send it again."),
    ),
    "transfer-pending": Entry(
        status=423,
        actor=Actor.COORDINATOR,
        sentence=N_(
            "This visit was taken over from another's phone: it is kept, and waits for the coordinator's word."
        ),
        remedy=N_("It is sent again by itself."),
    ),
    "transfer-refused": Entry(
        status=403,
        actor=Actor.COORDINATOR,
        sentence=N_("The coordinator did not confirm that this visit was taken over. It stays kept."),
        remedy=N_("Ask the coordinator."),
    ),
    "assessment-unknown": Entry(
        status=404,
        actor=Actor.COORDINATOR,
        sentence=N_("The server holds no such assessment of yours."),
        remedy=N_("Send its record first."),
    ),
    # ---- whoever reads the dashboard
    "sign-in-needed": Entry(
        status=401,
        actor=Actor.READER,
        sentence=N_("Nothing was changed: a sign-in ends after some hours."),
        remedy=N_("Sign in, open the page again and repeat it."),
        page=PageWords(title=N_("You are not signed in any more")),
    ),
    "form-expired": Entry(
        status=403,
        actor=Actor.READER,
        sentence=N_(
            "Nothing was changed: since the page was opened you were signed out, or the browser lost its cookies."
        ),
        remedy=N_("Open it again and repeat it."),
        page=PageWords(title=N_("This form has expired")),
    ),
    "not-allowed": Entry(
        status=403,
        actor=Actor.READER,
        sentence=N_("Your role may not open this page or do this."),
        remedy=N_("An administrator can tell you who may."),
        page=PageWords(title=N_("Not for this account")),
    ),
    "not-found": Entry(
        status=404,
        actor=Actor.READER,
        sentence=N_("The address is wrong, or what was here is not yours to see."),
        page=PageWords(title=N_("There is nothing here")),
    ),
    "api-token-not-valid": Entry(
        status=401,
        actor=Actor.CLIENT,
        sentence=N_("This needs an API token that is still valid, as Bearer or as the password of Basic."),
        remedy=N_("An administrator makes one on the page API tokens."),
        headers={"WWW-Authenticate": 'Basic realm="Field tool", charset="UTF-8"'},
    ),
    "scope-missing": Entry(
        status=403,
        actor=Actor.CLIENT,
        sentence=N_("The API token is not for this, or its account may not see it."),
        remedy=N_("An administrator makes one that is, on the page API tokens."),
    ),
    "encryption-needed": Entry(
        status=403,
        actor=Actor.CLIENT,
        sentence=N_("An API token is taken over https alone. Whoever has listened may have it now."),
        remedy=N_("Revoke it, make another, and use the address that begins with https."),
    ),
    "query-not-valid": Entry(status=400, actor=Actor.CLIENT, sentence=N_("The query of the address cannot be read.")),
    "query-not-offered": Entry(
        status=501, actor=Actor.CLIENT, sentence=N_("This part of OData is not offered by this server.")
    ),
    "format-not-spoken": Entry(
        status=406,
        actor=Actor.CLIENT,
        sentence=N_("This is offered as {media_type} alone, and never with metadata=full."),
        remedy=N_("Accept that, or anything."),
    ),
    "edition-not-named": Entry(
        status=404,
        actor=Actor.READER,
        sentence=N_("This server holds several editions, and the address names none."),
        remedy=N_("Use the address of the enrolment link up to its edition, such as https://server/e/2027."),
    ),
    "host-not-ours": Entry(
        status=421,
        actor=Actor.OPERATOR,
        sentence=N_("This server does not know the name it was called by."),
        remedy=N_("Whoever runs it should add the name to the setting SYNC_SERVER_HOST_NAMES."),
        page=PageWords(title=N_("Under another name")),
    ),
    "too-many-streams": Entry(
        status=429,
        actor=Actor.READER,
        sentence=N_("Too many pages are kept up to date at once."),
        remedy=N_("Close some of them; the others go on."),
    ),
    # ---- whoever wrote the client
    "request-not-valid": Entry(
        status=400,
        actor=Actor.CLIENT,
        sentence=N_("Something in the address or the form is not as it should be."),
        remedy=N_("Go back and try again."),
        page=UNREADABLE,
    ),
    "method-not-allowed": Entry(
        status=405,
        actor=Actor.CLIENT,
        sentence=N_("This address answers another kind of request."),
        page=PageWords(title=N_("This cannot be done here")),
    ),
    "body-not-json": Entry(status=400, actor=Actor.CLIENT, sentence=N_("The body is not JSON: {reason}")),
    "body-too-large": Entry(
        status=413,
        actor=Actor.CLIENT,
        sentence=N_("A record has at most {limit} bytes."),
        page=PageWords(
            title=N_("Too large"),
            words=N_(
                "This page takes {limit} MB at a time, files included; more was sent, and none of it was kept. Go back "
                "with your browser: what you typed is still there. Choose a smaller file, or fewer."
            ),
        ),
    ),
    "content-type-not-accepted": Entry(status=415, actor=Actor.CLIENT, sentence=N_("Send the body as {content_type}.")),
    "cursor-not-valid": Entry(
        status=400,
        actor=Actor.CLIENT,
        sentence=N_("Send the cursor of the last page as it was, or none to begin again."),
    ),
    "header-not-valid": Entry(status=400, actor=Actor.CLIENT, sentence=N_("{name} must be a whole number.")),
    "id-not-valid": Entry(
        status=400,
        actor=Actor.CLIENT,
        sentence=N_("{place} must be a UUID such as 0190b6f0-0000-7000-8000-000000000001."),
    ),
    "length-differs": Entry(
        status=400, actor=Actor.CLIENT, sentence=N_("The file of this SHA-256 has another length.")
    ),
    "length-needed": Entry(status=400, actor=Actor.CLIENT, sentence=N_("Say the length at once: Upload-Length.")),
    "metadata-not-valid": Entry(
        status=400, actor=Actor.CLIENT, sentence=N_("Upload-Metadata holds pairs of a name and base64.")
    ),
    "sha256-needed": Entry(
        status=400,
        actor=Actor.CLIENT,
        sentence=N_("Upload-Metadata must name the file's sha256, 64 hexadecimal digits."),
    ),
    "checksum-algorithm-unknown": Entry(
        status=400, actor=Actor.CLIENT, sentence=N_("Upload-Checksum may be {algorithms}.")
    ),
    "chunk-too-large": Entry(status=413, actor=Actor.CLIENT, sentence=N_("Send at most {limit} bytes at a time.")),
    "upload-too-large": Entry(
        status=413, actor=Actor.CLIENT, sentence=N_("The upload was announced with {length_bytes} bytes.")
    ),
    "tus-version-not-spoken": Entry(
        status=412, actor=Actor.CLIENT, sentence=N_("Send Tus-Resumable: {version}."), headers={"Tus-Version": "1.0.0"}
    ),
}
