//! Writes an empty table, from the layout under which it will be read.

use rust_xlsxwriter::{DataValidation, DataValidationRule, Format, Formula, Workbook, Worksheet, XlsxError};

use super::editions::{Edition, Points};
use super::layout::{GridLayout, Layouts, SurveyLayout, Titles, Worth};
use label::case::table::TableKind;
use label::wording::template as words;

/// Number of rows with a drop-down list.
const CHOICE_ROWS: u32 = 500;
/// Number of empty rows under each engagement, and in a central service's grid, when their points are not described.
const POINTS: usize = 10;
const CENTRAL_POINTS: usize = 40;

#[derive(Clone, Debug, PartialEq)]
pub enum TemplateCell {
    Blank,
    Text(String),
    Number(f64),
}

/// Titles, then rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub kind: TableKind,
    sheet: String,
    pub titles: Vec<String>,
    pub rows: Vec<Vec<TemplateCell>>,
    /// First and last column of those that hold numbers of people.
    counts: Option<(u16, u16)>,
    /// A column with a drop-down list, and the entries of the list.
    choice: Option<(u16, Vec<TemplateCell>)>,
}

impl Template {
    #[must_use]
    pub fn new(layouts: &Layouts, kind: TableKind) -> Template {
        match kind {
            TableKind::EnqueteUsagers => survey(&layouts.enquete_usagers, kind),
            TableKind::EnqueteAgents => survey(&layouts.enquete_agents, kind),
            TableKind::GrilleLocal => local(&layouts.grille_local),
            TableKind::GrilleCentral => central(&layouts.grille_central),
        }
    }

    /// CSV as French spreadsheet programs expect it: semicolons, decimal commas, UTF-8 with a byte order mark.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let text = |entry: &TemplateCell| match entry {
            TemplateCell::Blank => String::new(),
            TemplateCell::Text(text) => text.clone(),
            TemplateCell::Number(number) => number.to_string().replace('.', ","),
        };
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer(b"\xef\xbb\xbf".to_vec());
        // Writing into memory does not fail.
        let _ = writer.write_record(&self.titles);
        for row in &self.rows {
            let _ = writer.write_record(row.iter().map(text));
        }
        writer.into_inner().unwrap_or_default()
    }

    /// A workbook without macros: the table, and a sheet that explains it.
    ///
    /// # Errors
    /// When the layout holds something that a workbook cannot, such as a sheet name of more than 31 letters.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        self.table(&mut workbook)?;
        self.explanation(&mut workbook)?;
        workbook.save_to_buffer()
    }

    fn table(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold().set_text_wrap().set_background_color(0x00E3_E3FD);
        let sheet = workbook.add_worksheet().set_name(&self.sheet)?;
        for (column, title) in (0_u16..).zip(&self.titles) {
            sheet.write_string_with_format(0, column, title, &bold)?;
            sheet.set_column_width(column, if column == 0 { 30 } else { 20 })?;
        }
        sheet.set_freeze_panes(1, 0)?;
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, entry) in (0_u16..).zip(row) {
                put(sheet, line, column, entry)?;
            }
        }
        let last = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        if let Some((from, to)) = self.counts {
            let people = DataValidation::new()
                .allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0))
                .set_error_title(words::COUNT_TITLE)?
                .set_error_message(words::COUNT_MESSAGE)?;
            sheet.add_data_validation(1, from, last, to, &people)?;
        }
        if let Some((column, choices)) = &self.choice {
            // The entries are in cells, because a list inside the validation rule would be split at the comma of « 0,25 ».
            let list = Formula::new(format!("='{}'!$C$2:$C${}", words::SHEET, choices.len() + 1));
            let among = DataValidation::new()
                .allow_list_formula(list)
                .set_error_title(words::CHOICE_TITLE)?
                .set_error_message(words::CHOICE_MESSAGE)?;
            sheet.add_data_validation(1, *column, CHOICE_ROWS, *column, &among)?;
        }
        Ok(())
    }

    fn explanation(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        let wrapped = Format::new().set_text_wrap();
        let sheet = workbook.add_worksheet().set_name(words::SHEET)?;
        sheet.set_column_width(0, 100)?;
        for (line, text) in (0_u32..).zip(words::explanation(self.kind)) {
            sheet.write_with_format(line, 0, text, &wrapped)?;
        }
        if let Some((_, choices)) = &self.choice {
            sheet.write(0, 2, words::CHOICES)?;
            for (line, choice) in (1_u32..).zip(choices) {
                put(sheet, line, 2, choice)?;
            }
        }
        Ok(())
    }
}

fn put(sheet: &mut Worksheet, line: u32, column: u16, entry: &TemplateCell) -> Result<(), XlsxError> {
    match entry {
        TemplateCell::Blank => {}
        TemplateCell::Text(text) => {
            // Not `write`, which would store a text that begins with « = » as a formula.
            sheet.write_string(line, column, text)?;
        }
        TemplateCell::Number(number) => {
            sheet.write_number(line, column, *number)?;
        }
    }
    Ok(())
}

fn first(titles: &Titles) -> String {
    titles.first().cloned().unwrap_or_default()
}

fn sheet(names: &[String], otherwise: &str) -> String {
    names.first().cloned().unwrap_or_else(|| otherwise.to_owned())
}

fn survey(layout: &SurveyLayout, kind: TableKind) -> Template {
    let answers = layout.answers.all();
    let titles = std::iter::once(&layout.question).chain(answers).map(first).collect();
    let row = |titles: &Titles| {
        let mut row = vec![TemplateCell::Text(first(titles))];
        row.resize(1 + answers.len(), TemplateCell::Blank);
        row
    };
    Template {
        kind,
        sheet: sheet(&layout.sheets, words::RESULTS),
        titles,
        rows: layout.questions.iter().map(|question| row(&question.titles)).collect(),
        counts: Some((1, 5)),
        choice: None,
    }
}

/// The texts that a note may be. Numbers are stored as numbers, so that they are shown with the local decimal sign.
fn choices(worth: &Worth) -> Vec<TemplateCell> {
    let shown = worth.all().into_iter().filter_map(|titles| titles.first());
    let entry = |text: &String| match text.replace(',', ".").parse::<f64>() {
        Ok(number) if number.is_finite() => TemplateCell::Number(number),
        _ => TemplateCell::Text(text.clone()),
    };
    shown.map(entry).collect()
}

/// The edition that begins last, for which a template is written.
fn latest(editions: &[Edition]) -> Option<&Edition> {
    editions.iter().max_by_key(|edition| edition.from)
}

/// The cells of the control points: their texts, or as many empty ones as there are.
fn written(points: Option<&Points>, otherwise: usize) -> Vec<TemplateCell> {
    let texts: Vec<TemplateCell> = points
        .map(Points::texts)
        .unwrap_or_default()
        .into_iter()
        .map(|text| TemplateCell::Text(text.to_owned()))
        .collect();
    if !texts.is_empty() {
        return texts;
    }
    let count = points.map_or(otherwise, |points| usize::try_from(points.count()).unwrap_or(otherwise));
    vec![TemplateCell::Blank; count]
}

fn local(layout: &GridLayout) -> Template {
    let columns = [&layout.site, &layout.engagement, &layout.point, &layout.note];
    // A column without a title (the site's may have none) is left out.
    let columns: Vec<&Titles> = columns.into_iter().filter(|titles| !titles.is_empty()).collect();
    let place = usize::from(!layout.site.is_empty());
    let edition = latest(&layout.editions);
    let rows = layout.engagements.iter().enumerate().flat_map(|(rank, engagement)| {
        let points = edition.and_then(|edition| edition.of(rank, false));
        let row = |point| {
            let mut row = vec![TemplateCell::Blank; columns.len()];
            row[place] = TemplateCell::Text(first(engagement));
            row[place + 1] = point;
            row
        };
        written(points, POINTS).into_iter().map(row).collect::<Vec<_>>()
    });
    Template {
        kind: TableKind::GrilleLocal,
        sheet: sheet(&layout.sheets, words::GRID),
        titles: columns.iter().map(|titles| first(titles)).collect(),
        rows: rows.collect(),
        counts: None,
        choice: Some((if place == 1 { 3 } else { 2 }, choices(&layout.notes))),
    }
}

fn central(layout: &GridLayout) -> Template {
    Template {
        kind: TableKind::GrilleCentral,
        sheet: sheet(&layout.sheets, words::GRID),
        titles: vec![first(&layout.point), first(&layout.note)],
        rows: written(latest(&layout.editions).and_then(|edition| edition.of(0, true)), CENTRAL_POINTS)
            .into_iter()
            .map(|point| vec![point, TemplateCell::Blank])
            .collect(),
        counts: None,
        choice: Some((1, choices(&layout.notes))),
    }
}
