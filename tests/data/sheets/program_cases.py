"""Files that spreadsheet programs saved. They stay as they are: nothing here can make them again.

The table of same-utf8.csv was opened with all columns as text and saved in every form; gnumeric.xlsx, with columns as the program guessed them;
libreoffice-numbers.xlsx is numbers.xlsx, opened and saved:

    soffice --headless --convert-to xlsx --infilter=CSV:44,34,76,1,1/2/2/2/3/2/4/2/5/2 same-utf8.csv
    soffice --headless --convert-to "csv:Text - txt - csv (StarCalc):44,34,76" libreoffice.xlsx    # 85: GB18030; 9,34,65535: UTF-16
    ssconvert same-utf8.csv gnumeric.xlsx
"""

import pathlib

from table import HEADER, NUMBER, TABLE, good, openid, row, rows

HERE = pathlib.Path(__file__).parent
LIBREOFFICE = "LibreOffice 7.4.7.2"


def saved(file, comment, source, cells, **facts):
    return good(file, comment, source, (HERE / file).read_bytes, cells, **facts)


def xlsx(worksheet):
    return {"format": "xlsx", "worksheet": worksheet, "worksheets": [worksheet]}


def csv(encoding, separator=","):
    return {"format": "csv", "encoding": encoding, "separator": separator}


def cases():
    yield saved("libreoffice.xlsx", "The table of same-utf8.csv as LibreOffice saves it", LIBREOFFICE, rows(TABLE), **xlsx("in"))
    yield saved("libreoffice.csv", "The same as CSV in UTF-8", LIBREOFFICE, rows(TABLE), **csv("utf-8"))
    yield saved("libreoffice-gb18030.csv", "The same as CSV in GB18030", LIBREOFFICE, rows(TABLE), **csv("gb18030"))
    yield saved("libreoffice-utf16.txt", "The same as UTF-16 with tabs", LIBREOFFICE, rows(TABLE), **csv("utf-16le", "\t"))
    # Amounts that were guessed to be numbers are written with more digits than a number has.
    digits = ["12.5", "0.300000000000000000011", "1999.98999999999999999"]
    guessed = [[*line[:3], amount, line[4]] for line, amount in zip(TABLE[1:], digits)]
    amount = [0, 0, 0, NUMBER]
    found = [row(1, HEADER), *(row(number, line, amount) for number, line in enumerate(guessed, 2))]
    yield saved("gnumeric.xlsx", "The same as Gnumeric saves it, amounts as numbers", "Gnumeric 1.12.55", found, **xlsx("in.csv"))
    numbers = [
        row(1, HEADER),
        row(2, ["202611010000001", openid(1), "李雷", "0.07", "工资"], [NUMBER, 0, 0, NUMBER]),
        row(3, ["1.1010119900307E+017", openid(2), "李雷", "1999.99", "7"], [NUMBER, 0, 0, NUMBER, NUMBER]),
    ]
    yield saved("libreoffice-numbers.xlsx", "Ids and amounts as numbers", LIBREOFFICE, numbers, **xlsx("工资"))
