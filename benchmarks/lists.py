"""Lists of invented people at real ministries, as long as one likes; the same every time."""

import csv
import random
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).parent.parent
MINISTRIES = ROOT / "recipients" / "foreign-ministries.csv"
GIVEN = "Awa Jean Maria Olga Ahmed Ingrid Kwame Siobhán Inés Pita Rosalie Иван ليلى"
FAMILY = "Exemple Sample Ejemplo Beispiel Примеров النموذجي O'Sample d'Exemple Ndiaye-Test"
COLUMNS = "id office gender given_name family_name organisation street_1 city country language"


def write_list(path: Path, rows: int) -> None:
    """Write a list of ``rows`` distinct people, in the ministries' three languages."""
    chance = random.Random(2020)  # noqa: S311  # for names, not for keys
    with MINISTRIES.open(encoding="utf-8", newline="") as file:
        ministries = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS.split(), extrasaction="ignore")
        writer.writeheader()
        for number, ministry in enumerate(islice(cycle(ministries), rows), start=1):
            organisation = (
                ministry[f"organisation_{ministry['language']}"] or ministry["organisation"]
            )
            person = {
                "id": f"p{number}",
                "gender": chance.choice("fmx"),
                "given_name": chance.choice(GIVEN.split()),
                "family_name": f"{chance.choice(FAMILY.split())}-{number}",
                "organisation": organisation,
                "street_1": f"{number % 300 + 1} Example Street",
            }
            writer.writerow(ministry | person)
