//! `service` where there are no Windows services: a unit of systemd, and a refusal that says so.

use crate::meadow::Meadow;

#[test]
fn a_unit_runs_this_project_by_whole_paths() {
    let meadow = Meadow::open();
    meadow.ran(&["service", "unit"]).assert(78, &["no pipeline of this project runs by itself", "every:"]);
    meadow.edit("pipelines/people-to-vendors.yaml", "\nfrom:", "\nevery: { day_at: \"06:00\" }\nfrom:");
    let unit = meadow.ran(&["service", "unit", "--name", "meadow"]);
    let project = meadow.project().canonicalize().unwrap();
    let start = format!(
        "ExecStart={} -C {} --environment sandbox serve\n",
        env!("CARGO_BIN_EXE_ml-connector"),
        project.display()
    );
    let state = format!("ReadWritePaths={}\n", project.join(".ml-connector").display());
    unit.assert(0, &[&start, &state, "# /etc/systemd/system/meadow.service", "RestartPreventExitStatus=2 8 78"]);
    meadow.ran(&["service", "unit", "--name", "a b"]).assert(2, &["a service's name has letters"]);
}

#[test]
#[cfg(not(windows))]
fn a_windows_service_is_refused_elsewhere() {
    let meadow = Meadow::open();
    for what in ["install", "remove", "run"] {
        let refused = meadow.ran(&["service", what]);
        refused.assert(2, &["this system has no Windows services", "ml-connector service unit"]);
    }
}
