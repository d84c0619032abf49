"""The one place that says what right each call needs; a call that is not here is not served."""

from app.domain.callers import Right

RIGHTS: dict[str, Right | None] = {
    "screenRecords": Right.SCREEN,
    "screenFile": Right.SCREEN,
    "makeJob": Right.SCREEN,
    "listJobs": Right.READ,
    "getJob": Right.READ,
    "withdrawJob": Right.SCREEN,
    "watchJob": Right.READ,
    "getJobResult": Right.READ,
    "resolveNames": Right.READ,
    "drawName": Right.READ,
    "listDecisions": Right.READ,
    "getDecision": Right.READ,
    "reviewDecision": Right.REVIEW,
    "replayDecision": Right.READ,
    "drawEvidence": Right.READ,
    "rescreen": Right.MANAGE,
    "eraseContent": Right.MANAGE,
    "listAudit": Right.AUDIT,
    "getAuditHead": Right.AUDIT,
    "listSubstances": Right.READ,
    "getSubstance": Right.READ,
    "drawSubstance": Right.READ,
    "listInstruments": Right.READ,
    "listEntries": Right.READ,
    "listReleases": Right.READ,
    "compareReleases": Right.READ,
    # For every tenant of this machine.
    "activateRelease": Right.MANAGE,
    # Figures of all tenants together.
    "getMetrics": Right.MANAGE,
    # Open to everybody: they say nothing of any tenant.
    "getHealth": None,
    "getReadiness": None,
    "get_openapi_document": None,
    "get_docs": None,
    "get_docs_asset": None,
}
"""By the operation's id, or the function's name where the call is not in the description; None: no key is asked for."""
