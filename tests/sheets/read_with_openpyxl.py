"""Reads workbooks with openpyxl: paths come in, one a line of JSON per workbook goes out."""

import json
import sys

import openpyxl

for path in sys.stdin.read().splitlines():
    book = openpyxl.load_workbook(path)
    sheet = book.active
    cells = [
        [cell.coordinate, cell.data_type, str(cell.value), cell.number_format, bool(cell.font.b)]
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    ]
    hidden = [number for number, row in sheet.row_dimensions.items() if row.hidden]
    widths = {letter: column.width for letter, column in sheet.column_dimensions.items()}
    facts = {"title": sheet.title, "frozen": sheet.freeze_panes, "cells": cells, "hidden": hidden, "widths": widths}
    print(json.dumps(facts, ensure_ascii=False))
