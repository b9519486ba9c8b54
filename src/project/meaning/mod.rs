//! What a project's texts mean: from shapes to the compiled types of [`super::pipeline`] and [`super::connections`].
//!
//! Each file gets its meaning on one [`page`], which knows the file and collects findings. [`project`] reads
//! project.yaml, its [`settings`], [`connections`], [`sign_ins`], [`webhooks`] and [`roles`]; [`tables`] finds the sheets; [`pipeline`] puts one
//! pipeline
//! together from [`sources`], [`look_ups`], [`pay`] with [`register_pay`], [`journal`] or [`record`], [`privacy`], [`rates`],
//! [`companies`], [`checks`] and [`schedule`];
//! [`balance`] proves that every journal balances; [`accounts`], [`fields`] and [`mod@across`] look at all pipelines side by side.

mod accounts;
mod accrual;
mod across;
mod balance;
mod burden;
pub(super) mod calendar;
mod checks;
mod companies;
mod connections;
mod fields;
mod journal;
mod look_ups;
pub(crate) mod names;
mod page;
mod pay;
pub(super) mod pipeline;
mod privacy;
pub(super) mod project;
mod projects;
mod providers;
mod proxies;
mod rates;
mod record;
mod register;
mod register_pay;
pub(super) mod roles;
mod schedule;
mod settings;
mod sign_ins;
mod sources;
mod split;
pub(super) mod tables;
mod unlikely;
mod unresolved;
mod webhooks;
mod windows_sign_in;
mod work_week;

pub(super) use accounts::check as check_accounts;
pub(super) use across::{ShapedFile, across, corrected};
pub(super) use checks::unused_scripts;
pub(super) use fields::{STANDARD as STANDARD_FIELDS, check as check_fields};
pub(super) use page::Page;
pub(super) use roles::check as check_roles;
