"""How much of what the proofreader says is right (precision), and how much of what is wrong it says (recall)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from corpus import CORPORA, outcome, score, zinnen


def main() -> None:
    """Print the two figures of each corpus, and each miss by name."""
    for name in CORPORA:
        corpus = zinnen(name)
        precision, recall = score(corpus)
        print(f"{name}: {len(corpus)} passages, precision {precision:.3f}, recall {recall:.3f}")
        for zin in corpus:
            for missed in outcome(zin).missed:
                print(f"  missed in {zin.nr}: {missed}")


if __name__ == "__main__":
    main()
