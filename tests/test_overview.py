"""What figures and tables show of themselves in a notebook, and that nothing of ours stands in the way of pandas."""

from __future__ import annotations

import pandas as pd
from conftest import Edition

import bedrijfsvoering as bv
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.figures import Figures


def html_of(shown: object) -> str:
    return shown._repr_mimebundle_()["text/html"]  # type: ignore[attr-defined,no-any-return]


def test_figures_show_each_table_with_its_total_in_dutch_and_the_outcome_of_the_checks(diemen: Figures) -> None:
    html = html_of(diemen)
    assert "Gemeente Diemen, Jaarstukken 2023" in html
    assert "−14.393" in html
    assert '380 <b class="v">voordeel</b>' in html
    assert '81 <b class="n">nadeel</b>' in html
    assert "Bedragen × € 1.000" in html
    assert "Er staat geen fout open." in html
    assert 'figures.trace("overhead.totaal.budgetresultaat")' in html
    assert repr(diemen) == "Figures(diemen 2023: overhead, salarissen)"


def test_figures_with_an_error_say_first_what_is_wrong(edition: Edition) -> None:
    edition.change("overhead.csv", "-7.442", "-7.242")
    html = html_of(read_edition(edition.root / "data", "diemen", 2023))
    assert "geeft 418" in html
    assert "Er staan fouten open" in html


def test_figures_without_a_money_table_show_what_there_is(edition: Edition) -> None:
    text = (edition.data / "bron.yaml").read_text(encoding="utf-8")
    (edition.data / "bron.yaml").write_text(text[: text.index("tabellen:")] + "tabellen: {}\n", encoding="utf-8")
    for name in ("overhead.csv", "salarissen.csv", "aanvaard.yaml"):
        (edition.data / name).unlink(missing_ok=True)
    for story in (edition.data / "toelichting").glob("*.md"):
        story.unlink()
    figures = read_edition(edition.root / "data", "diemen", 2023)
    assert "ICT-projecten" in html_of(figures)
    assert repr(figures) == "Figures(diemen 2023: geen tabellen)"


def test_a_table_shows_every_row_with_its_key_and_unknown_is_no_nil(diemen: Figures) -> None:
    table = diemen.tables["overhead"]
    html = html_of(table)
    for post in table.posten:
        assert f"<code>{post.sleutel}</code>" in html
    assert "Kosten hebben een minteken, baten niet." in html
    assert "Totaal overhead" in table._repr_mimebundle_()["text/plain"]


def test_an_unknown_amount_is_told_as_such(make_table) -> None:  # type: ignore[no-untyped-def]
    html = html_of(make_table(("A", "-10", "", "-12", "-2"), ("Totaal", "-10", "0", "-12", "-2")))
    assert html.count("niet aangeleverd") == 1


def test_the_frame_is_an_ordinary_frame_to_pivot_and_to_sum(diemen: Figures) -> None:
    frame = diemen.tables["overhead"].frame
    assert type(frame) is pd.DataFrame
    lines = frame[frame["soort"] == "regel"]
    assert lines["rekening"].sum() == -14391
    long = lines.melt(id_vars="post", value_vars=["rekening", "begroting_na_wijziging"], value_name="bedrag")
    pivot = long.pivot_table(index="post", columns="variable", values="bedrag", aggfunc="sum")
    assert pivot.shape == (17, 2)
    assert len(pd.DataFrame(diemen.projecten)) == len(diemen.projecten)


def test_the_checks_of_one_table_are_shown_whole(diemen: Figures) -> None:
    html = html_of(bv.check_posten(diemen, "salarissen"))
    assert "Teken Salariskosten per team" in html
    assert '<details class="rest"' not in html
    assert "Overhead" not in html
    assert "niet aangeleverd" in bv.check_posten(diemen, "inhuur").text


def test_completion_leads_by_verb() -> None:
    families = {name.partition("_")[0] for name in dir(bv)}
    assert families == {"chart", "check", "load", "table"}
