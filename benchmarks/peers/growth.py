"""A picture of how cost grows with the number of letters."""

from collections.abc import Sequence
from math import log10

__all__ = ["picture"]

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 320, 60, 50, 30


def picture(grown: Sequence[tuple[int, float, float]]) -> str:
    """Milliseconds a letter against letters, the latter on a logarithmic scale, as SVG.

    ``grown`` has letters, seconds and megabytes.
    """
    costs = [(many, 1000 * seconds / many) for many, seconds, _ in grown]
    highest = max(cost for _, cost in costs)
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50) if highest / s <= 6)
    first, last = log10(costs[0][0]), log10(costs[-1][0])

    def x(many: int) -> float:
        share = (log10(many) - first) / max(last - first, 1)
        return LEFT + share * (WIDTH - LEFT - 30)

    def y(cost: float) -> float:
        return HEIGHT - BOTTOM - cost / (step * 6) * (HEIGHT - BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<title>Milliseconds a letter against the number of letters</title>",
        "<style>text{font:13px sans-serif;fill:#333}line{stroke:#ddd}"
        "polyline{fill:none;stroke:#1f3d5c;stroke-width:2}circle{fill:#1f3d5c}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18">Milliseconds a letter, merging and writing included</text>',
    ]
    for number in range(7):
        cost = number * step
        parts += [
            f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{y(cost):.1f}" y2="{y(cost):.1f}"/>',
            f'<text x="{LEFT - 8}" y="{y(cost) + 4:.1f}" text-anchor="end">{cost:g}</text>',
        ]
    points = " ".join(f"{x(many):.1f},{y(cost):.1f}" for many, cost in costs)
    parts.append(f'<polyline points="{points}"/>')
    for many, cost in costs:
        parts += [
            f'<circle cx="{x(many):.1f}" cy="{y(cost):.1f}" r="4"/>',
            f'<text x="{x(many):.1f}" y="{y(cost) - 10:.1f}" text-anchor="middle">'
            f"{cost:.2f}</text>",
            f'<text x="{x(many):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">'
            f"{many:,}</text>",
        ]
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">letters</text>')
    return "\n".join((*parts, "</svg>")) + "\n"
