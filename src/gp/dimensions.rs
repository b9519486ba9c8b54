//! The values GP allows for a dimension: an account segment, or an analytical dimension.

use super::GpError;
use crate::plan::facts::DimensionValue;
use async_trait::async_trait;

/// Who knows the valid cost centres.
#[async_trait]
pub trait Dimensions: Send + Sync {
    /// The values of the dimension with this name (the name of a look-up, for example `cost_centre`).
    async fn dimension_values(&self, dimension: &str) -> Result<Vec<DimensionValue>, GpError>;
}
