"""Pictures of figures, for every slice: pure values in, the bytes of a PNG out. Drawn on their own light ground, so that they read the
same in light and dark themes; what they show is labelled directly, and never told by colour alone.

matplotlib takes a second and tens of megabytes to load, so it is loaded by the first chart: call these by `asyncio.to_thread`.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

INK, QUIET, GRID, GROUND = "#1d1c1d", "#5e5d60", "#dddddd", "#ffffff"
BLUE = "#0072b2"  # told apart by everybody, after Okabe and Ito
WIDTH, HEIGHT, DPI = 9.6, 5.4, 125  # 1200 by 675 pixels
SPACE = 0.12  # of the height of the data, above and below it
FLATTEST = 40.0  # of the scale: a small change must not look like a large one
NOTHING = "Nothing to show yet"
MOST_LABELS, MOST_VALUES = 14, 20  # of bars that have room for them


@dataclass(frozen=True, slots=True)
class Point:
    """One place of a trend. Without a value there is a gap; `spread` is how far the truth may lie to both sides, `note` stands below."""

    label: str
    value: float | None
    spread: float = 0.0
    note: str = ""


def trend(title: str, subtitle: str, points: Sequence[Point], bounds: tuple[float, float] | None = None) -> bytes:
    """A line with its values beside it. Gaps stay gaps: nothing is drawn between what is not known. `bounds` are never left."""
    from matplotlib.figure import Figure
    from matplotlib.patheffects import withStroke

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=GROUND)
    axes = figure.add_axes((0.06, 0.17, 0.91, 0.63), facecolor=GROUND)
    figure.text(0.03, 0.93, title, fontsize=17, fontweight="bold", color=INK, va="center", parse_math=False)
    figure.text(0.03, 0.865, subtitle, fontsize=11.5, color=QUIET, va="center", parse_math=False)
    _axes(axes, points, bounds)
    places = [place for place, point in enumerate(points) if point.value is not None]
    values = [point.value if point.value is not None else float("nan") for point in points]
    axes.plot(range(len(points)), values, color=BLUE, linewidth=2.2, marker="o", markersize=7, zorder=3)
    spread = [(place, values[place], points[place].spread) for place in places if points[place].spread]
    if spread:
        x, y, reach = zip(*spread, strict=True)
        axes.errorbar(x, y, yerr=reach, fmt="none", ecolor=BLUE, elinewidth=1.3, capsize=4, alpha=0.55, zorder=2)
    for place in places:
        value = values[place]
        rises = place + 1 < len(values) and values[place + 1] > value
        said, offset = f"{value:,.0f}".replace("-", "−"), (8, -16 if rises else 8)
        label = axes.annotate(said, (place, value), xytext=offset, textcoords="offset points", fontsize=12.5, fontweight="bold", color=INK)
        label.set_path_effects([withStroke(linewidth=3.5, foreground=GROUND)])  # a line may pass behind it
        label.set_zorder(5)
    if not places:
        figure.text(0.5, 0.5, NOTHING, fontsize=15, color=QUIET, ha="center", parse_math=False)
    out = io.BytesIO()
    figure.savefig(out, format="png", facecolor=GROUND, metadata={"Title": title, "Description": subtitle})
    return out.getvalue()


def bars(title: str, subtitle: str, points: Sequence[Point]) -> bytes:
    """A bar for each place, from nought, each with its value as long as they have room; of many places only some are labelled."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=GROUND)
    axes = figure.add_axes((0.06, 0.12, 0.91, 0.68), facecolor=GROUND)
    figure.text(0.03, 0.93, title, fontsize=17, fontweight="bold", color=INK, va="center", parse_math=False)
    figure.text(0.03, 0.865, subtitle, fontsize=11.5, color=QUIET, va="center", parse_math=False)
    values = [point.value or 0.0 for point in points]
    axes.bar(range(len(points)), values, color=BLUE, width=0.7, zorder=3)
    every = -(-len(points) // MOST_LABELS)
    places = range(0, len(points), every)
    axes.set_xticks(list(places), [points[place].label for place in places], fontsize=10, color=QUIET)
    if len(points) <= MOST_VALUES:
        for place, value in enumerate(values):
            above = {"ha": "center", "fontsize": 11.5, "fontweight": "bold", "color": INK}
            axes.annotate(f"{value:,.0f}", (place, value), xytext=(0, 4), textcoords="offset points", **above)  # type: ignore[arg-type]
    axes.set_ylim(0, max([*values, 1.0]) * (1 + SPACE))
    axes.set_xlim(-0.6, max(len(points) - 0.4, 0.6))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.tick_params(length=0, colors=QUIET, labelsize=10)
    axes.grid(axis="y", color=GRID, linewidth=0.8, zorder=0)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    if not any(values):
        figure.text(0.5, 0.5, NOTHING, fontsize=15, color=QUIET, ha="center", parse_math=False)
    out = io.BytesIO()
    figure.savefig(out, format="png", facecolor=GROUND, metadata={"Title": title, "Description": subtitle})
    return out.getvalue()


def _axes(axes: object, points: Sequence[Point], bounds: tuple[float, float] | None) -> None:
    """Quiet lines behind, no box around, each label under its place with its note."""
    from matplotlib.axes import Axes
    from matplotlib.ticker import MaxNLocator

    assert isinstance(axes, Axes)
    known = [(point.value, point.spread) for point in points if point.value is not None]
    low = min((value - spread for value, spread in known), default=0.0)
    high = max((value + spread for value, spread in known), default=0.0)
    room = max((high - low) * SPACE, (FLATTEST - (high - low)) / 2)
    least, most = bounds or (low - room, high + room)
    axes.set_ylim(max(low - room, least - 5), min(high + room, most + 5))
    axes.set_xlim(-0.4, max(len(points) - 0.3, 0.7))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=7, integer=True, steps=[1, 2, 5, 10]))
    if not known:
        axes.set_yticks([])
    axes.set_xticks(
        range(len(points)), [f"{point.label.replace(' ', chr(10), 1)}\n{point.note}" for point in points], fontsize=10, color=QUIET
    )
    axes.tick_params(length=0, colors=QUIET, labelsize=10)
    axes.grid(axis="y", color=GRID, linewidth=0.8, zorder=0)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    if known and axes.get_ylim()[0] < 0 < axes.get_ylim()[1]:
        axes.axhline(0, color=QUIET, linewidth=1.0, zorder=1)
