"""What a tooltip tells of a row of a money table: each stage, the result in words, the unit, the key."""

from __future__ import annotations

from decimal import Decimal

from .amounts import fmt_amount
from .display import word
from .figures import Post, Table, kolom_naam
from .source import Kolom
from .tables import share_of_budget

STAGES: tuple[Kolom, ...] = ("begroting_primitief", "begroting_na_wijziging", "rekening")
ABSENT = "niet aangeleverd"
POST_TIP = (
    ("post", "Post"), *((f"tip_{kolom}", kolom_naam(kolom)) for kolom in STAGES), ("tip_resultaat", "Resultaat"),
    ("tip_deel", "Procent van de begroting"), ("tip_eenheid", "Eenheid"), ("sleutel", "Sleutel"),
)  # fmt: skip
"""The fields of a tooltip on a row of a money table, and their titles."""


def post_tip(table: Table, post: Post) -> dict[str, str]:
    """Return what a tooltip tells of one row; amounts without the sign that their kind has anyway, as they are drawn.

    `sleutel` is the name of the row in sentences and in `figures`: `overhead.huisvesting`.
    """
    decimalen = table.source.decimalen
    known = [kolom for kolom in STAGES if kolom in table.kolommen]
    sign = sign_of(post)
    tip = {f"tip_{kolom}": _amount(post.bedragen.get(kolom), sign, decimalen) for kolom in known}
    if (result := post.bedragen.get("budgetresultaat")) is not None:
        tip["tip_resultaat"] = f"{fmt_amount(abs(result), decimalen)} {word(result)}"
        share = share_of_budget(post)
        tip["tip_deel"] = "geen begroting" if share is None else f"{fmt_amount(share, 1)}%"
    else:
        tip["tip_resultaat"] = tip["tip_deel"] = ABSENT
    kind = f"; {'baten' if sign > 0 else 'lasten'}" if table.source.eenheid.startswith("eur") else ""
    return {"sleutel": f"{table.naam}.{post.sleutel}", **tip, "tip_eenheid": f"{table.eenheid}{kind}"}


def sign_of(post: Post) -> int:
    """Return the sign of the amounts of a row: of the last stage that has one."""
    known = [amount for kolom in STAGES if (amount := post.bedragen.get(kolom))]
    return 1 if known and known[-1] > 0 else -1


def _amount(amount: Decimal | None, sign: int, decimalen: int) -> str:
    return ABSENT if amount is None else fmt_amount(amount * sign, decimalen)
