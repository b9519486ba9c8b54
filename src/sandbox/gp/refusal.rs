//! GP's error numbers, collected over one document: GP checks everything and reports every number it met.

use serde::Serialize;

/// One entry of an answer's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Message {
    pub severity: &'static str,
    pub number: u32,
    pub text: String,
}

/// Every refusal of one document, in the order in which GP checks, each number once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals(Vec<Message>);

impl Refusals {
    pub fn add(&mut self, number: u32) {
        self.add_text(number, text(number).to_owned());
    }

    /// A refusal in the site's own words, for checks that the customer added to GP.
    pub fn add_text(&mut self, number: u32, text: String) {
        if self.0.iter().all(|met| met.number != number) {
            self.0.push(Message { severity: "Error", number, text });
        }
    }

    pub fn add_if(&mut self, refused: bool, number: u32) {
        if refused {
            self.add(number);
        }
    }

    /// `Ok` when nothing was refused.
    pub fn finish(self) -> Result<(), Refusals> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    pub fn messages(&self) -> &[Message] {
        &self.0
    }

    pub fn numbers(&self) -> Vec<u32> {
        self.0.iter().map(|message| message.number).collect()
    }
}

/// What each number means, in our words: GP's own texts are in its taErrorCode table, and no client may match on them.
fn text(number: u32) -> &'static str {
    match number {
        139 => "A required value of the transaction is missing",
        140 | 682 => "The batch number is empty",
        141 => "The reference is empty",
        233 => "The vendor class does not exist",
        485 => "The batch record could not be created or updated",
        486 => "The transaction could not be inserted",
        572 => "The batch is marked to post",
        596 => "The transaction date is in no fiscal year",
        675 => "The transaction type is not 0 or 1",
        679 => "The account number does not exist",
        680 => "A required value of a distribution is missing",
        683 => "Neither an account index nor an account number was given",
        687 => "The journal entry exists in the open year",
        814 => "The unit account has fewer decimal places",
        931 | 933 => "The vendor id is empty",
        938 => "The currency is not set up",
        942 => "The exchange rate is not usable",
        943 => "The exchange date is missing",
        944 => "Unbalanced journal entry",
        997 => "The journal entry exists already",
        1662 => "The vendor status is not 1, 2 or 3",
        2013 => "The account does not allow account entry",
        3814 => "An inactive employee needs the date of inactivation",
        3815 => "An inactive employee needs the reason of inactivation",
        4359 => "The employee id is empty",
        4360 => "The employee class does not exist",
        4362 => "The last name is empty",
        4363 => "The first name is empty",
        4364 => "The social security number is empty",
        4366 => "The department does not exist",
        4367 => "The position does not exist",
        4368 => "The supervisor code does not exist",
        4369 => "The location does not exist",
        4642 => "The reversing date is before the transaction date",
        5384 => "The recurring batch has been posted",
        5471 => "A distribution has both a debit and a credit",
        5599 => "The batch is approved",
        5600 => "A distribution amount is negative",
        5617 => "The account is inactive",
        5618 => "A sequence number is negative",
        5650 => "The employee is included in an open pay run",
        5884 => "The division does not exist",
        7117 => "The fiscal period is closed",
        7738 => "The distribution exists already",
        7807 => "The vendor exists already and may not be updated",
        7851 => "The vendor name is empty",
        8688 => "The reversing date is in no fiscal year",
        8694 => "The employee exists already and may not be updated",
        9276 => "An amount has more decimals than the currency",
        9367 | 9368 => "The journal entry number is out of range",
        9499 => "The fiscal year is older than the most recent historical year",
        9529 => "An active employee may not have a date of inactivation",
        9530 => "An active employee may not have a reason of inactivation",
        11985 => "Distributions of this journal entry exist in another batch",
        12012 => "The batch is in workflow",
        _ => "The record could not be saved",
    }
}
