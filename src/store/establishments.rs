//! Establishments of one SIREN: where a service whose SIRET nobody knows may have come from.

use std::collections::BTreeMap;

use super::dossiers::{Dossiers, decode};
use super::lists::among;
use super::many_rows::{ROWS, is_kept};
use super::pools::{Error, Result, on};
use super::sql;
use crate::retry::store as limits;
use label::case::facts::Facts;

/// A SIRET, then the SIRET and the number of the first dossier of another establishment, then the SIRET of the last one.
type Establishments = (String, Option<String>, Option<i64>, Option<String>);

impl Dossiers {
    /// For each of these SIRETs, the first dossier of the only other establishment of the same SIREN; a SIRET is absent when
    /// there is none, or several. Two rows of the index are read for each, whatever the number of establishments.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn other_establishments(&self, sirets: &[&str]) -> Result<BTreeMap<String, i64>> {
        let siren = |siret: &&str| {
            siret.get(..9).is_some_and(|siren| siren.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let sirets: Vec<&str> = sirets.iter().copied().filter(siren).collect();
        let mut others = BTreeMap::new();
        for page in sirets.chunks(ROWS) {
            let rows: Vec<Establishments> = on!(&self.0, pool => {
                let mut query = sqlx::QueryBuilder::new("with asked (siret, low, high) as (");
                query.push_values(page, |mut row, siret| {
                    let siren: String = siret.chars().take(9).collect();
                    row.push_bind((*siret).to_owned()).push_bind(format!("{siren}00000")).push_bind(format!("{siren}:"));
                });
                query.push(OTHER_ESTABLISHMENTS);
                query.build_query_as().persistent(is_kept(page.len())).fetch_all(pool).await
            })?;
            for (siret, first, number, last) in rows {
                others.extend(number.filter(|_| first == last).map(|number| (siret, number)));
            }
        }
        Ok(others)
    }

    /// The facts of these dossiers; one that is not known is absent, and [`Error::SetAside`] is in the place of one whose
    /// row cannot be read.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn facts_of_each(&self, numbers: &[i64]) -> Result<BTreeMap<i64, Result<Facts>>> {
        let mut each = BTreeMap::new();
        for page in numbers.chunks(limits::VALUES) {
            let rows: Vec<(i64, String, Option<i64>)> = on!(&self.0, pool => {
                let mut query = sqlx::QueryBuilder::new("select number, facts, gone_at from dossiers where number in (");
                among(&mut query, page);
                query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
            })?;
            for (number, json, gone_at) in rows {
                let facts = match self.whole(decode(number, &json, gone_at)).await {
                    Err(error) if !matches!(error, Error::SetAside { .. }) => return Err(error),
                    facts => facts,
                };
                each.insert(number, facts);
            }
        }
        Ok(each)
    }
}

const OTHER_ESTABLISHMENTS: &str = ") select asked.siret,
    (select one.siret from dossiers one where one.siret >= asked.low and one.siret < asked.high
        and one.siret <> asked.siret order by one.siret, one.number limit 1),
    (select one.number from dossiers one where one.siret >= asked.low and one.siret < asked.high
        and one.siret <> asked.siret order by one.siret, one.number limit 1),
    (select one.siret from dossiers one where one.siret >= asked.low and one.siret < asked.high
        and one.siret <> asked.siret order by one.siret desc limit 1)
    from asked";
