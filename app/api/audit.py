"""`/v1/audit`: the trail of everything that was decided, reviewed and erased."""

from fastapi import APIRouter

from app.api.cursors import foreign_cursor, read_cursor
from app.api.desk import TheDesk
from app.api.history_answers import AuditHeadAnswer, AuditPage
from app.api.paperwork import refusals
from app.api.parameters import Cursor, PageSize
from app.api.replies import JsonReply, page_of
from app.usecases.read_audit import list_entries, read_head

ROUTER = APIRouter(tags=["Audit"])

MOST_ENTRIES = 2**63 - 1
"""A number that a database can compare with."""


@ROUTER.get(
    "/v1/audit",
    operation_id="listAudit",
    summary="The audit trail",
    response_model=AuditPage,
    responses=refusals("invalid-request", "storage-unavailable"),
)
def get_audit(desk: TheDesk, cursor: Cursor = None, limit: PageSize = 50) -> JsonReply:
    """Every entry in its order: what was screened, rescreened, reviewed and erased, when, and with which key.

    Each has the hash of the one before it; docs/audit.md says how it is made, and has ten lines of Python that verify
    it. Entries are only ever added.
    """
    key = read_cursor("audit", cursor, (int,))
    after = 0 if key is None else int(key[0])
    if not 0 <= after <= MOST_ENTRIES:
        raise foreign_cursor()
    page = list_entries(desk.database, limit, after)
    return JsonReply(page_of(page.items, "audit", (page.items[-1].number,) if page.more else None))


@ROUTER.get(
    "/v1/audit/head",
    operation_id="getAuditHead",
    summary="The end of the audit trail, to be kept elsewhere",
    response_model=AuditHeadAnswer,
    responses=refusals("storage-unavailable"),
)
def get_head(desk: TheDesk) -> JsonReply:
    """The number and hash of the last entry, number 0 where there is none.

    Whoever keeps it elsewhere can tell later whether anything before it was changed or cut off: `precursor-watch audit
    verify --head FILE`.
    """
    return JsonReply(read_head(desk.database))
