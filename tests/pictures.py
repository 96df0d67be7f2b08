"""Make the picture of the page in the README from the real page: `python tests/pictures.py`."""

from pathlib import Path

from browser import find_browser
from playwright.sync_api import sync_playwright

from bedrijfsvoering.paper import FLAGS

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Write `docs/pagina.png` from `output/diemen/2023/index.html`."""
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto((ROOT / "output" / "diemen" / "2023" / "index.html").as_uri())
        page.screenshot(path=ROOT / "docs" / "pagina.png")
        browser.close()


if __name__ == "__main__":
    main()
