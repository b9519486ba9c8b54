//! Dimension values over SBA: an account segment's, or an analytical dimension's.

use super::accounts::{SbaAccounts, truth};
use super::answer::Shape;
use super::read::Question;
use super::site::Site;
use crate::gp::GpError;
use crate::gp::accounts::Accounts as _;
use crate::gp::dialect::services::Read;
use crate::gp::dimensions::Dimensions;
use crate::plan::facts::DimensionValue;
use crate::project::connections::DimensionSource;
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Dimension values by list, each dimension from where the project says GP keeps it.
pub struct SbaDimensions {
    pub site: Arc<Site>,
    pub sources: BTreeMap<String, DimensionSource>,
}

#[async_trait]
impl Dimensions for SbaDimensions {
    async fn dimension_values(&self, dimension: &str) -> Result<Vec<DimensionValue>, GpError> {
        let dimensions = &self.site.dialect.dimensions;
        match self.sources.get(dimension) {
            None => Err(GpError::NotProvided {
                capability: "dimensions",
                hint: format!(
                    "say where GP keeps `{dimension}`, under connections.gp: dimensions: {{ {dimension}: {{ segment: 3 }} }}"
                ),
            }),
            Some(DimensionSource::Segment(segment)) => match &dimensions.segment {
                Some(read) => self.listed(dimension, read, ("segment", &segment.to_string())).await,
                None => self.used(dimension, *segment).await,
            },
            Some(DimensionSource::Analytical(name)) => match &dimensions.analytical {
                Some(read) => self.listed(dimension, read, ("dimension", name)).await,
                None => Err(GpError::NotProvided {
                    capability: "dimensions",
                    hint: format!("the dialect {} has no dimensions.analytical", self.site.dialect.dialect),
                }),
            },
        }
    }
}

impl SbaDimensions {
    async fn listed(&self, dimension: &str, read: &Read, key: (&str, &str)) -> Result<Vec<DimensionValue>, GpError> {
        let fields = &self.site.dialect.dimensions.fields;
        let shape = Arc::new(Shape::of([fields.code.as_str(), fields.active.field.as_str()]));
        let question = Question { what: &format!("the values of {dimension}"), read, names: &[key], shape: &shape };
        let (name, active) = (dimension.to_owned(), fields.active.clone());
        self.site
            .all(&question, None, move |row| {
                let code = row.needed(0, "code")?.to_owned();
                Ok(DimensionValue { dimension: name.clone(), code, active: truth(&row, 1, &active)? })
            })
            .await
    }

    /// The values that the accounts themselves use, for a site without a segment service: active where any account is.
    async fn used(&self, dimension: &str, segment: u8) -> Result<Vec<DimensionValue>, GpError> {
        let separator = &self.site.dialect.values.segment_separator;
        let mut codes: BTreeMap<String, bool> = BTreeMap::new();
        for account in SbaAccounts::new(Arc::clone(&self.site)).all_accounts().await? {
            let code = account.number.as_str().split(separator).nth(usize::from(segment).saturating_sub(1));
            if let Some(code) = code {
                *codes.entry(code.to_owned()).or_default() |= account.active;
            }
        }
        let value = |(code, active)| DimensionValue { dimension: dimension.to_owned(), code, active };
        Ok(codes.into_iter().map(value).collect())
    }
}
