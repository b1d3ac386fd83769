//! The files of a set, written row by row.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use stillwater_columns::{ColumnType, ParquetError, ParquetFile, Value};
use stillwater_programme::study::table::CsvWriter;
use stillwater_programme::study::{Cell, Kind, StudyRow, Table, redcap};

use super::private_file;
use crate::ending::CliError;

/// One CSV file for each table.
struct Texts(BTreeMap<Table, CsvWriter<File>>);

/// The open files.
pub struct Files {
    csv: Option<Texts>,
    redcap: Option<Texts>,
    parquet: Option<BTreeMap<Table, ParquetFile>>,
    counts: BTreeMap<Table, u64>,
}

fn failed(error: impl std::fmt::Display) -> CliError {
    CliError::Failure(format!("a table cannot be written: {error}"))
}

impl Texts {
    fn new(tables: &[Table], folder: &Path, prefix: &str, header: fn(Table) -> Vec<String>) -> Result<Self, CliError> {
        let mut files = BTreeMap::new();
        for table in tables {
            let file = private_file(&folder.join(format!("{prefix}{}.csv", table.name()))).map_err(failed)?;
            let mut lines = CsvWriter::new(file);
            lines.texts(header(*table).iter().map(String::as_str)).map_err(failed)?;
            files.insert(*table, lines);
        }
        Ok(Self(files))
    }

    fn end(self) -> Result<(), CliError> {
        for lines in self.0.into_values() {
            lines.end().map_err(failed)?.sync_all().map_err(failed)?;
        }
        Ok(())
    }
}

/// One Parquet file for each table: the columns and rows of the CSV, with their types.
fn parquets(tables: &[Table], folder: &Path) -> Result<BTreeMap<Table, ParquetFile>, ParquetError> {
    let open = |table: &Table| {
        let file = private_file(&folder.join(format!("{}.parquet", table.name())))?;
        let columns: Vec<(&str, ColumnType)> =
            table.columns().iter().map(|column| (column.name, column_type(column.kind))).collect();
        Ok((*table, ParquetFile::new(file, table.name(), &columns)?))
    };
    tables.iter().map(open).collect()
}

fn column_type(kind: Kind) -> ColumnType {
    match kind {
        Kind::Text => ColumnType::Text,
        Kind::Whole => ColumnType::Whole,
        Kind::Real => ColumnType::Real,
        Kind::Truth => ColumnType::Truth,
    }
}

fn value(cell: &Cell) -> Value<'_> {
    match cell {
        Cell::Absent => Value::Absent,
        Cell::Code(text) => Value::Text(text),
        Cell::Text(text) => Value::Text(text),
        Cell::Whole(value) => Value::Whole(*value),
        Cell::Real(value) => Value::Real(*value),
        Cell::Truth(value) => Value::Truth(*value),
    }
}

impl Files {
    /// Opens a file for each table in each folder given.
    pub fn new(
        tables: &[Table],
        csv: Option<PathBuf>,
        parquet: Option<PathBuf>,
        redcap: Option<PathBuf>,
    ) -> Result<Self, CliError> {
        let header = |table: Table| table.columns().iter().map(|column| column.name.to_owned()).collect();
        Ok(Self {
            csv: csv.map(|folder| Texts::new(tables, &folder, "", header)).transpose()?,
            redcap: redcap.map(|folder| Texts::new(tables, &folder, "data-", redcap::record_header)).transpose()?,
            parquet: parquet.map(|folder| parquets(tables, &folder)).transpose().map_err(failed)?,
            counts: tables.iter().map(|table| (*table, 0)).collect(),
        })
    }

    /// Writes the rows of one person.
    pub fn person(&mut self, rows: &[(Table, StudyRow)]) -> Result<(), CliError> {
        let mut instances: BTreeMap<Table, u64> = BTreeMap::new();
        for (table, row) in rows {
            *self.counts.entry(*table).or_default() += 1;
            let instance = instances.entry(*table).or_default();
            *instance += 1;
            if let Some(lines) = self.csv.as_mut().and_then(|texts| texts.0.get_mut(table)) {
                lines.cells(row).map_err(failed)?;
            }
            if let Some(parquet) = self.parquet.as_mut().and_then(|files| files.get_mut(table)) {
                parquet.row(row.iter().map(value)).map_err(failed)?;
            }
            if let Some(lines) = self.redcap.as_mut().and_then(|texts| texts.0.get_mut(table)) {
                redcap::record(*table, *instance, row, lines).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Closes them, each on the disk; how many rows each table has.
    pub fn end(self) -> Result<Vec<(Table, u64)>, CliError> {
        for texts in [self.csv, self.redcap].into_iter().flatten() {
            texts.end()?;
        }
        for parquet in self.parquet.into_iter().flat_map(BTreeMap::into_values) {
            parquet.end().map_err(failed)?;
        }
        Ok(self.counts.into_iter().collect())
    }
}
