//! Connections that would leak, or reach nothing.

#[test]
fn an_environment_that_is_not_there_is_named() {
    let mut project = super::Project::sound();
    project.set("environments/test.yaml", "format: 1\nsettings: { gp_server: other }\n");
    let shown = super::screen(project.write().path(), Some("tset"));
    assert!(shown.contains("there is no environment `tset`") && shown.contains("did you mean `test`?"), "{shown}");
}
