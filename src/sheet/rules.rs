//! What sheets do to values, as rules: a spreadsheet shows one thing and holds another.

use crate::issue::rules;

rules! {
    SH01: Error, None, "our own", "数字被写成科学计数法，位数已丢失", "a number in e-notation has lost digits";
    SH02: Error, Some(15), "Excel specifications and limits", "长数字超过 15 位的部分被改成 0", "a long number was cut at 15 digits";
    SH03: Warning, None, "our own", "数字的前导零可能已丢失", "leading zeros may be lost";
    SH04: Error, None, "our own", "含有全角字符", "full-width characters where ASCII is due";
    SH05: Error, None, "our own", "首尾有空格或不可见字符", "blanks or invisible characters around a value";
    SH06: Error, None, "our own", "单元格是公式", "a cell holds a formula";
    SH07: Error, None, "our own", "单元格被合并", "a cell is merged with another";
    SH08: Warning, None, "our own", "该行在表格中被隐藏", "a row is hidden in the sheet";
    SH09: Warning, None, "our own", "在另一份文件中已有相同的收款", "the same payment stands in the other file";
    SH10: Error, None, "our own", "单元格是错误值", "a cell holds an error value";
    SH11: Error, None, "our own", "单元格是日期", "a cell holds a date";
    SH12: Warning, None, "our own", "表格之外还有内容，不会发送", "content beside the table is not sent";
    SH13: Error, None, "our own", "没有数据行", "a sheet holds rows below its header";
    SH14: Error, None, "our own", "行的单元格比表头多", "a row of a text has no more cells than its header";
}
