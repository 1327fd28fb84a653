//! What goes into tables for people, from wherever in the library.

pub mod csv_row;
pub mod invisible;
pub mod workbook;
