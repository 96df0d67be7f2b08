"""What the standards ask of `CITATION.cff` (1.2.0) and `publiccode.yml` (0.7), as far as these files use them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema

Data = Mapping[str, Any]
URL = "^(https|http|ftp|sftp)://.+"
TEXT = {"type": "string", "minLength": 1}
CFF = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "additionalProperties": False,
    "required": ["authors", "cff-version", "message", "title"],
    "properties": {
        "abstract": TEXT,
        "authors": {
            "type": "array", "minItems": 1, "uniqueItems": True,
            "items": {
                "anyOf": [
                    {"type": "object", "required": ["name"], "additionalProperties": False,
                     "properties": {"name": TEXT, "website": {"type": "string", "pattern": URL}}},
                    {"type": "object", "additionalProperties": False, "minProperties": 1,
                     "properties": {"given-names": TEXT, "family-names": TEXT, "affiliation": TEXT}},
                ]
            },
        },
        "cff-version": {"const": "1.2.0"},
        "date-released": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$"},
        "keywords": {"type": "array", "minItems": 1, "uniqueItems": True, "items": TEXT},
        "license": TEXT,
        "message": TEXT,
        "repository-code": {"type": "string", "pattern": URL},
        "title": TEXT,
        "type": {"enum": ["software", "dataset"]},
        "version": {"anyOf": [TEXT, {"type": "number"}]},
    },
}  # fmt: skip
"""The part of the standard's own schema that a file of ours can use: another key there is a slip of the pen."""

MANDATORY = (
    "publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "description",
    "legal.license", "maintenance.type", "localisation.localisationReady", "localisation.availableLanguages",
)  # fmt: skip
OPTIONAL = {
    "landingURL", "isBasedOn", "organisation", "softwareVersion", "releaseDate", "logo", "categories", "usedBy",
    "fundedBy", "roadmap", "intendedAudience", "dependsOn", "supports",
}  # fmt: skip
ENUMS = {
    "developmentStatus": {"concept", "development", "beta", "stable", "obsolete"},
    "softwareType": {"standalone/mobile", "standalone/iot", "standalone/desktop", "standalone/web",
                     "standalone/backend", "standalone/other", "addon", "library", "configurationFiles"},
    "maintenance.type": {"internal", "contract", "community", "none"},
}  # fmt: skip
CATEGORIES = {
    "accounting", "budgeting", "business-intelligence", "compliance-management", "data-analytics", "data-visualization",
    "financial-reporting", "knowledge-management", "office", "workflow-management",
}  # fmt: skip
"""Those of the standard's list that can be said of this program."""
SCOPES = {"local-authorities", "finance-and-economic-development", "society"}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
"""The forms of a BCP 47 tag that are used here."""


def cff_problems(data: Data) -> list[str]:
    """Return what is wrong with citation metadata."""
    return [error.message for error in jsonschema.Draft7Validator(CFF).iter_errors(data)]


def publiccode_problems(data: Data, root: Path) -> list[str]:
    """Return what is wrong with a description of public software; its pictures are in `root`."""
    return [*_keys(data), *_values(data), *_people(data.get("maintenance") or {}), *_texts(data, root)]


def find(data: Data, path: str) -> Any:
    """Return what stands at `legal.license`, or None."""
    for part in path.split("."):
        data = data.get(part) if isinstance(data, Mapping) else None  # type: ignore[assignment]
    return data


def _keys(data: Data) -> Iterator[str]:
    yield from (f"{path} is mandatory" for path in MANDATORY if find(data, path) in (None, "", [], {}))
    yield from (f"{key} is no key" for key in data if key not in OPTIONAL | {path.split(".")[0] for path in MANDATORY})


def _values(data: Data) -> Iterator[str]:
    if not re.fullmatch(r"0(\.[2-7](\.\d)?)?", str(data.get("publiccodeYmlVersion"))):
        yield "publiccodeYmlVersion is no version"
    if not re.fullmatch(r"https://[^/\s]+/\S+", str(data.get("url"))):
        yield "url is no address"
    for path, allowed in ENUMS.items():
        if find(data, path) not in allowed:
            yield f"{path} is none of {sorted(allowed)}"
    for path, known in (("categories", CATEGORIES), ("intendedAudience.scope", SCOPES)):
        yield from (f"{path}: {one} is not known" for one in find(data, path) or () if one not in known)
    for country in find(data, "intendedAudience.countries") or ():
        if not re.fullmatch("[A-Z]{2}", country):
            yield f"{country} is no country"
    for key in ("softwareVersion", "releaseDate"):
        if not isinstance(data.get(key, ""), str):
            yield f"{key} is text, between quotation marks"
    if not isinstance(find(data, "localisation.localisationReady"), bool):
        yield "localisationReady is true or false"
    for item in data.get("supports") or ():
        if not re.fullmatch(r"alias:[\w-]+|(https?|urn):\S+", item.get("id", "")):
            yield f"{item} names no standard"
    for kind in ("open", "proprietary", "hardware"):
        yield from ("a dependency has a name" for one in find(data, f"dependsOn.{kind}") or () if not one.get("name"))


def _people(maintenance: Data) -> Iterator[str]:
    kind = maintenance.get("type")
    if kind in ("internal", "community") and not all(one.get("name") for one in maintenance.get("contacts") or [{}]):
        yield "contacts, each with the name of a person, are mandatory"
    if kind == "contract" and not all(
        one.get("name") and re.fullmatch(r"\d{4}-\d\d-\d\d", str(one.get("until")))
        for one in maintenance.get("contractors") or [{}]
    ):
        yield "contractors, each with a name and until when, are mandatory"


def _texts(data: Data, root: Path) -> Iterator[str]:
    for language in (*(data.get("description") or ()), *(find(data, "localisation.availableLanguages") or ())):
        if not LANGUAGE.fullmatch(str(language)):
            yield f"{language} is no language"
    for language, told in (data.get("description") or {}).items():
        short, long = str(told.get("shortDescription") or ""), str(told.get("longDescription") or "")
        if not 0 < len(short.strip()) <= 150 or "\n" in short.strip():
            yield f"{language}: shortDescription is one line of at most 150 characters"
        if not 150 <= len(long) <= 10_000:
            yield f"{language}: longDescription has 150 to 10.000 characters"
        if not told.get("features"):
            yield f"{language}: features are mandatory"
        for picture in told.get("screenshots") or ():
            if not (root / picture).is_file() or not picture.endswith((".png", ".jpg")):
                yield f"{picture} is no picture"
