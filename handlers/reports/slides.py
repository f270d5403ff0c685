"""Drawing slides as a PPTX file: plain, large, readable in print, the same footer on all."""

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from domain.decks import Slide

WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, INNER = Inches(0.6), Inches(12.13)
INK, QUIET, PAPER, BAND = RGBColor(29, 39, 51), RGBColor(86, 97, 110), RGBColor(255, 255, 255), RGBColor(29, 59, 83)
TITLE_ONLY = 5  # of the layouts that the package brings
WIDTHS = {1: (1.0,), 2: (0.3, 0.7), 3: (0.2, 0.32, 0.48), 4: (0.25, 0.32, 0.25, 0.18)}


def draw(slides: Sequence[Slide], footer: str, title: str) -> bytes:
    """The file's bytes."""
    book = Presentation()
    book.slide_width, book.slide_height = WIDE, HIGH
    book.core_properties.title, book.core_properties.author = title, "Tendon"
    for number, slide in enumerate(slides, 1):
        page = book.slides.add_slide(book.slide_layouts[TITLE_ONLY])
        _words(page, slide.topic, Inches(0.35), Pt(14), QUIET)
        _title(page, slide.title)
        if slide.headings and slide.rows:
            _table(page, slide)
        else:
            _lines(page, [row[0] for row in slide.rows] or [slide.empty])
        more = f"{slide.left:,} more in Tendon. " if slide.left else ""
        _words(page, f"{more}{footer} · {number} of {len(slides)}", Inches(6.95), Pt(11), QUIET)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _title(page: Any, text: str) -> None:
    shape = page.shapes.title
    shape.left, shape.top, shape.width, shape.height = LEFT, Inches(0.7), INNER, Inches(1.0)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.text = text
    frame.vertical_anchor, frame.paragraphs[0].alignment = MSO_ANCHOR.TOP, PP_ALIGN.LEFT
    _say(frame.paragraphs[0], Pt(26 if len(text) < 100 else 20), INK, bold=True)


def _words(page: Any, text: str, top: int, size: int, color: RGBColor) -> None:
    frame = page.shapes.add_textbox(LEFT, top, INNER, Inches(0.35)).text_frame
    frame.word_wrap = True
    frame.text = text
    _say(frame.paragraphs[0], size, color)


def _lines(page: Any, lines: Sequence[str]) -> None:
    frame = page.shapes.add_textbox(LEFT, Inches(1.9), INNER, Inches(4.8)).text_frame
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = line
        paragraph.space_after = Pt(10)
        _say(paragraph, Pt(18), INK)


def _table(page: Any, slide: Slide) -> None:
    columns = len(slide.headings)
    table = page.shapes.add_table(len(slide.rows) + 1, columns, LEFT, Inches(1.9), INNER, Inches(0.4) * (len(slide.rows) + 1)).table
    for column, share in enumerate(WIDTHS[columns]):
        table.columns[column].width = int(INNER * share)
    for number, row in enumerate((slide.headings, *slide.rows)):
        for column, text in enumerate(row):
            cell = table.cell(number, column)
            cell.text = text
            _say(cell.text_frame.paragraphs[0], Pt(13), PAPER if number == 0 else INK, bold=number == 0)
            if number == 0:
                cell.fill.solid()
                cell.fill.fore_color.rgb = BAND


def _say(paragraph: Any, size: int, color: RGBColor, *, bold: bool = False) -> None:
    paragraph.font.size, paragraph.font.bold, paragraph.font.color.rgb = size, bold, color
