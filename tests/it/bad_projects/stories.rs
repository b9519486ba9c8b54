//! A project's own tests, read.

use super::Project;
use ml_connector::project::Generation;

const STORY: &str = r#"format: 1
story: A salaried person costs a twelfth a month.
pipeline: payroll-journal
for: 2013-11
given:
  employees:
    - { id: 1, number: 1, hire_date: 2010-01-04 }
  job_rows: |
    row_id,employee_id,date,department,location
    1,1,2010-01-04,Sales,WA
expect:
  status: ready
  lines:
    - { account: 000-5100-0410, debit: 6000.00 }
    - { account: 000-2100-0000, credit: 6000.00 }
  held: []
"#;

#[test]
fn a_story_gives_every_column_of_its_files() {
    let mut project = Project::sound();
    project.set("tests/salary.yaml", STORY);
    let generation = Generation::load(project.write().path(), None).unwrap();
    let [story] = generation.stories.as_slice() else { panic!("one story") };
    assert_eq!(story.period.code.0, "2013-11");
    assert_eq!(
        story.given[0].csv(),
        "id,number,first_name,last_name,email,hire_date,termination_date,status\n1,1,,,,2010-01-04,,\n"
    );
    assert!(story.given[1].csv().contains("1,1,2010-01-04,Sales,WA,,\n"));
    assert_eq!(story.expect.lines.as_ref().unwrap()[1].credit, "6000.00");
    assert_eq!(story.expect.lines.as_ref().unwrap()[1].place.line, 15);
    assert_eq!(story.expect.held.as_deref(), Some(&[][..]));
    assert!(story.expect.records.is_none(), "what is not written is not compared");
}
