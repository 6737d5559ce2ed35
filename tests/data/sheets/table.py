"""The table that most files hold, and the words for what is expected. All people and numbers are invented."""

HEADER = ["商户明细单号", "openid", "姓名", "金额(元)", "备注"]
NUMBER, FORMULA, COVERED, MERGED, ERROR, DATE = 1, 2, 4, 8, 16, 32


def openid(number):
    return f"oPayseal{number:020d}"


def payee(number, name="李雷", amount="12.50", remark="九月工资"):
    return [f"D2026{number:06d}", openid(number), name, amount, remark]


PAYEES = [payee(1, "李雷"), payee(2, "韩梅梅", "0.30"), payee(3, "欧阳娜娜", "1999.99", "奖金")]
TABLE = [HEADER, *PAYEES]


def row(number, cells, flags=None, hidden=False):
    """One expected row; blank cells at its end are left out."""
    cells = list(cells)
    flags = list(flags or [])
    flags += [0] * (len(cells) - len(flags))
    while cells and cells[-1] == "" and flags[-1] == 0:
        cells.pop()
        flags.pop()
    found = {"row": number, "cells": cells}
    if any(flags):
        found["flags"] = flags
    if hidden:
        found["hidden"] = True
    return found


def rows(table, first=1):
    """Expected rows of a table without anything special; blank ones are left out."""
    found = [row(number, cells) for number, cells in enumerate(table, first)]
    return [line for line in found if line["cells"]]


def good(file, comment, source, content, cells, **more):
    return {"file": file, "comment": comment, "source": source, "result": "ok", **more, "cells": cells, "content": content}


def bad(file, comment, source, content, code="ERR_SHEET_FORMAT", **more):
    return {"file": file, "comment": comment, "source": source, "result": "error", "code": code, **more, "content": content}
