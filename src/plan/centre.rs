//! Where a cost lands: the answers of all look-ups for one segment, kept once per distinct combination.

use crate::project::Pipeline;
use rustc_hash::FxHashMap;

/// A combination of look-up answers. Only meaningful with the [`Centres`] that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CentreId(pub u32);

/// One look-up's answer in a centre.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Answered {
    pub value: String,
    /// Row of the look-up's table, the header being row 1; of the split's table where that gives the answer itself.
    pub row: u32,
    pub is_given: bool,
}

/// What the suspense centre is called in lineage.
pub const SUSPENSE: &str = "suspense";

/// All combinations that occur, in the order in which they first occurred.
#[derive(Clone, Debug, Default)]
pub struct Centres {
    known: FxHashMap<Vec<u32>, CentreId>,
    /// By centre: the answers, in the order of the pipeline's look-ups.
    answers: Vec<Vec<Answered>>,
    suspense: Option<CentreId>,
}

impl Centres {
    /// The centre for these table rows. Rows decide the answers, so they are the key.
    pub fn add(&mut self, rows: &[u32], answers: impl FnOnce() -> Vec<Answered>) -> CentreId {
        if let Some(known) = self.known.get(rows) {
            return *known;
        }
        let id = CentreId(self.answers.len() as u32);
        self.known.insert(rows.to_vec(), id);
        self.answers.push(answers());
        id
    }

    /// The centre of costs that no look-up answered, where a pipeline books them to a suspense account.
    pub fn suspense(&mut self, look_ups: usize) -> CentreId {
        if let Some(known) = self.suspense {
            return known;
        }
        let id = CentreId(self.answers.len() as u32);
        self.answers.push(vec![Answered { value: SUSPENSE.to_owned(), row: 0, is_given: false }; look_ups]);
        self.suspense = Some(id);
        id
    }

    /// Whether a centre is the one of [`Centres::suspense`].
    pub fn is_suspense(&self, centre: CentreId) -> bool {
        self.suspense == Some(centre)
    }

    pub fn answers(&self, centre: CentreId) -> &[Answered] {
        &self.answers[centre.0 as usize]
    }

    /// The value of one look-up.
    pub fn value(&self, centre: CentreId, look_up: usize) -> &str {
        self.answers(centre).get(look_up).map_or("", |answered| answered.value.as_str())
    }

    pub fn len(&self) -> usize {
        self.answers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    pub fn ids(&self) -> impl Iterator<Item = CentreId> + use<> {
        (0..self.answers.len() as u32).map(CentreId)
    }

    /// The values joined for people: `0410`, or `0410+north` for two look-ups.
    pub fn name(&self, centre: CentreId) -> String {
        self.answers(centre).iter().map(|answered| answered.value.as_str()).collect::<Vec<_>>().join("+")
    }
}

/// Names of the look-ups, for messages.
pub fn look_up_names(pipeline: &Pipeline) -> Vec<&str> {
    pipeline.look_ups.iter().map(|look_up| look_up.name.as_str()).collect()
}
