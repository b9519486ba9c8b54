//! `environments/*.yaml`: the knobs of project.yaml, turned.

use super::pieces::Format;
use super::{Entries, Text, shape};

shape! {
    /// One environment: only settings that project.yaml declares.
    pub struct Environment {
        #[schemars(required)]
        pub format: Format,
        /// One sentence for people.
        pub about: Text,
        #[schemars(required)]
        pub settings: Entries<Text>,
    }
}
