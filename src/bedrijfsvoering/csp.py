"""What a page may load and run, in the words of a Content-Security-Policy: its own inline blocks, and nothing else."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256


def csp_hash(text: str) -> str:
    """Return the source expression of one inline block; `text` is all that stands between its tags."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def in_script(json: str) -> str:
    """Return JSON so that no text in it can end the script that it stands in; it reads the same."""
    return json.replace("<", "\\u003c").replace("&", "\\u0026")


def page_csp(style: str, script: str = "") -> str:
    """Return the policy of a page with one style block and at most one script, and images only as data.

    A block of JSON-LD is data and not run, so it needs no hash. No element can have a style attribute.
    """
    script_src = f"script-src {csp_hash(script)}; " if script else ""
    return (
        f"default-src 'none'; style-src {csp_hash(style)}; {script_src}img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
