//! The tables as Parquet: the same columns and rows as the CSV, with their types, every column optional.
//!
//! Rows are gathered into groups of a fixed size and written as they fill, so that memory does not grow with the set.
//! Nothing is compressed beyond the dictionaries of the format itself: that needs no further library, and codes repeat.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use stillwater_programme::study::{Cell, Column, Kind, Row, Table};

use super::private_file;

/// Rows of a group.
const GROUP: usize = 8192;

/// One file.
struct One {
    writer: SerializedFileWriter<File>,
    rows: Vec<Row>,
}

/// One file for each table.
pub struct Parquets(BTreeMap<Table, One>);

impl Parquets {
    /// Opens them.
    pub fn new(tables: &[Table], folder: &Path) -> Result<Self, ParquetError> {
        let mut files = BTreeMap::new();
        for table in tables {
            let file = private_file(&folder.join(format!("{}.parquet", table.name())))?;
            // What is kept of each group until the file is closed is all that grows with the set, so no more than the
            // least and greatest value of each column is.
            let properties = WriterProperties::builder()
                .set_created_by("stillwater".to_owned())
                .set_statistics_enabled(EnabledStatistics::Chunk)
                .set_offset_index_disabled(true)
                .build();
            let writer = SerializedFileWriter::new(file, schema(*table)?, Arc::new(properties))?;
            files.insert(*table, One { writer, rows: Vec::new() });
        }
        Ok(Self(files))
    }

    /// Takes one row.
    pub fn row(&mut self, table: Table, row: &Row) -> Result<(), ParquetError> {
        let Some(one) = self.0.get_mut(&table) else { return Ok(()) };
        one.rows.push(row.clone());
        if one.rows.len() >= GROUP { one.group(table) } else { Ok(()) }
    }

    /// Closes them, each on the disk.
    pub fn end(self) -> Result<(), ParquetError> {
        for (table, mut one) in self.0 {
            one.group(table)?;
            one.writer.finish()?;
            one.writer.inner().sync_all()?;
        }
        Ok(())
    }
}

fn schema(table: Table) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let (physical, logical) = match column.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Whole => (Physical::INT64, None),
            Kind::Real => (Physical::DOUBLE, None),
            Kind::Truth => (Physical::BOOLEAN, None),
        };
        Type::primitive_type_builder(column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    };
    let fields: Result<Vec<TypePtr>, ParquetError> = table.columns().iter().map(field).collect();
    Ok(Arc::new(Type::group_type_builder(table.name()).with_fields(fields?).build()?))
}

impl One {
    /// Writes the rows gathered so far as one group.
    fn group(&mut self, table: Table) -> Result<(), ParquetError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (at, column) in table.columns().iter().enumerate() {
            let Some(mut writer) = group.next_column()? else {
                return Err(ParquetError::General(format!("{} has no column {}", table.name(), column.name)));
            };
            let cells = self.rows.iter().map(|row| row.get(at).unwrap_or(&Cell::Absent));
            match column.kind {
                Kind::Text => write::<ByteArrayType>(&mut writer, cells.map(|cell| cell.text().map(ByteArray::from))),
                Kind::Whole => write::<Int64Type>(&mut writer, cells.map(whole)),
                Kind::Real => write::<DoubleType>(&mut writer, cells.map(real)),
                Kind::Truth => write::<BoolType>(&mut writer, cells.map(truth)),
            }?;
            writer.close()?;
        }
        group.close()?;
        self.rows.clear();
        Ok(())
    }
}

fn whole(cell: &Cell) -> Option<i64> {
    if let Cell::Whole(value) = cell { Some(*value) } else { None }
}

fn real(cell: &Cell) -> Option<f64> {
    if let Cell::Real(value) = cell { Some(*value) } else { None }
}

fn truth(cell: &Cell) -> Option<bool> {
    if let Cell::Truth(value) = cell { Some(*value) } else { None }
}

/// Writes one column: the values that are there, and for each row whether there is one.
fn write<T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let (mut values, mut there) = (Vec::new(), Vec::new());
    for cell in cells {
        there.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    writer.typed::<T>().write_batch(&values, Some(&there), None)?;
    Ok(())
}
