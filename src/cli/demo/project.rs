//! The example project, embedded, so that the demo needs no checkout.

use crate::cli::exit::{Exit, Failure};
use anyhow::anyhow;
use rust_embed::Embed;
use std::path::Path;

#[derive(Embed)]
#[folder = "examples/adventure-works/"]
#[exclude = "data/*"]
#[exclude = "sandbox/*"]
#[exclude = ".ml-connector/*"]
struct Example;

/// Writes the example project into `folder`.
///
/// # Errors
/// When the folder holds something else, or cannot be written.
pub fn write(folder: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(Exit::DoesNotLoad, anyhow!("{} cannot be written: {error}", folder.display()))
    };
    if folder.exists() && std::fs::read_dir(folder).map_err(failed)?.next().is_some() {
        return Err(Failure::new(Exit::DoesNotLoad, anyhow!("the folder {} is not empty", folder.display()))
            .hint("delete it, or name another with --folder"));
    }
    for path in Example::iter() {
        let Some(file) = Example::get(&path) else { continue };
        let target = folder.join(path.as_ref());
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        std::fs::write(target, file.data).map_err(failed)?;
    }
    Ok(())
}
