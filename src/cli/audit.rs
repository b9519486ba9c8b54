//! `audit`: the trail, and the proof that it is whole.

use super::args::Global;
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, good};
use crate::store::AuditRow;
use crate::store::audit::first_break;
use anyhow::anyhow;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub struct AuditArgs {
    /// Prove that no row was changed, removed or swapped.
    #[arg(long)]
    pub verify: bool,
    /// Only rows about this plan, document or record.
    pub subject: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// Exit 70 when the trail is broken.
pub async fn run(global: &Global, args: &AuditArgs, output: &Output) -> Result<Exit, Failure> {
    let store = context::store(global)?;
    if args.verify {
        let rows = store.audit_rows(None).await?;
        return match first_break(&rows) {
            None => {
                let last = rows.last().map_or("none", |row| row.hash.as_str());
                if output.is_json() {
                    output.json(&json!({ "whole": true, "rows": rows.len(), "last_hash": last }));
                } else {
                    output.line(format!("{} {} rows, last hash {last}", good("whole:"), rows.len()));
                }
                Ok(Exit::Done)
            }
            Some(sequence) => Err(Failure::new(Exit::Bug, anyhow!("the audit trail is broken at row {sequence}"))
                .hint("a row was changed, removed or swapped outside ml-connector: compare with a backup")),
        };
    }
    let rows = store.audit_rows(args.subject.as_deref()).await?;
    if output.is_json() {
        let row = |row: &AuditRow| {
            json!({ "sequence": row.sequence, "at": row.entry.at.to_string(), "who": row.entry.who,
                    "what": row.entry.what, "subject": row.entry.subject, "detail": row.entry.detail, "hash": row.hash })
        };
        output.json(&rows.iter().map(row).collect::<Vec<_>>());
    } else {
        for AuditRow { sequence, entry, .. } in &rows {
            let at = entry.at.strftime("%Y-%m-%d %H:%M:%S");
            let subject = super::plan::short(&entry.subject);
            output.line(format!("{sequence:>6} {at} {:<10} {:<12} {subject} {}", entry.who, entry.what, entry.detail));
        }
    }
    Ok(Exit::Done)
}
