//! The language server, driven as an editor drives it: the program itself, real messages over its stdin and stdout.

mod client;
mod words;

use client::{Client, copy_example, diagnostics_of};
use lsp_types::{DiagnosticSeverity, NumberOrString, Position, Range};
use std::fs;
use std::io::Write;
use std::process::Stdio;

const PIPELINE: &str = "pipelines/payroll-journal.yaml";

fn range(line: u32, first: u32, last: u32) -> Range {
    Range { start: Position::new(line, first), end: Position::new(line, last) }
}

#[test]
fn a_mistake_is_told_at_its_place_while_it_is_written_and_taken_back() {
    let folder = copy_example();
    let mut client = Client::open(folder.path());
    let text = client.read(PIPELINE);
    client.open_file(PIPELINE, &text);
    assert_eq!(client.told(PIPELINE).diagnostics, []);

    let line = u32::try_from(text.lines().position(|line| line.starts_with("keep:")).unwrap()).unwrap();
    client.change(PIPELINE, &text.replace("keep: pay_type", "keep: pay_typ"));
    let told = client.told(PIPELINE);
    assert_eq!(told.version, Some(2));
    let [finding] = told.diagnostics.as_slice() else { panic!("{told:?}") };
    assert_eq!(finding.range, range(line, 6, 13));
    assert_eq!(finding.severity, Some(DiagnosticSeverity::ERROR));
    assert_eq!(finding.code, Some(NumberOrString::String("unknown-name".to_owned())));
    assert_eq!((finding.source.as_deref(), &finding.code_description), (Some("ml-connector"), &None));
    assert_eq!(finding.message, "nothing is called `pay_typ` here\ndid you mean `pay_type`?");

    // One letter, as an editor sends it.
    client.insert(PIPELINE, Position::new(line, 13), "e");
    let told = client.told(PIPELINE);
    assert_eq!((told.version, told.diagnostics.len()), (Some(3), 0));
    assert_eq!(client.end(), 0);
}

#[test]
fn what_is_not_saved_stands_for_its_file_in_the_whole_project() {
    let folder = copy_example();
    let mut client = Client::open(folder.path());
    let table = client.read("tables/cost-centres.csv");
    client.open_file("tables/cost-centres.csv", &table);
    client.told("tables/cost-centres.csv");
    client.change("tables/cost-centres.csv", &format!("{table}Sales,Reno,2300\n"));
    let told = client.told("tables/cost-centres.csv");
    let [twice] = told.diagnostics.as_slice() else { panic!("{told:?}") };
    assert_eq!(twice.code, Some(NumberOrString::String("duplicate-row".to_owned())));
    let related = &twice.related_information.as_ref().unwrap()[0];
    assert!(related.location.uri.as_str().ends_with("/tables/cost-centres.csv"), "{related:?}");

    // A column that three pipelines read is gone: they are told, though none of them is open, and taken back.
    client.change("tables/cost-centres.csv", &table.replace("cost_centre", "centre"));
    let told = client.told(PIPELINE);
    assert!(diagnostics_of(&told).contains(&"missing-column".to_owned()), "{told:?}");
    client.change("tables/cost-centres.csv", &table);
    assert_eq!(client.told(PIPELINE).diagnostics, []);

    // A file that nobody has saved yet.
    let vendors = fs::read_to_string("examples/adventure-works/pipelines/employees-to-vendors.yaml").unwrap();
    client.open_file("pipelines/new.yaml", &vendors.replace("class: EMPLOYEE", "klass: EMPLOYEE"));
    assert_eq!(diagnostics_of(&client.told("pipelines/new.yaml")), ["unknown-field"]);
    client.close("pipelines/new.yaml");
    assert_eq!(client.told("pipelines/new.yaml").diagnostics, []);
    assert_eq!(client.end(), 0);
}

#[test]
fn files_that_change_on_the_disk_are_looked_at_again() {
    let folder = copy_example();
    let mut client = Client::open(folder.path());
    let text = client.read(PIPELINE);
    client.open_file(PIPELINE, &text);
    assert_eq!(client.told(PIPELINE).diagnostics, []);
    let table = client.read("tables/cost-centres.csv");
    fs::write(folder.path().join("tables/cost-centres.csv"), table.replace("cost_centre", "centre")).unwrap();
    client.changed_on_disk("tables/cost-centres.csv");
    assert!(diagnostics_of(&client.told(PIPELINE)).contains(&"missing-column".to_owned()));
    fs::write(folder.path().join("tables/cost-centres.csv"), table).unwrap();
    client.save(PIPELINE);
    assert_eq!(client.told(PIPELINE).diagnostics, []);
    client.close(PIPELINE);
    assert_eq!(client.end(), 0);
}

#[test]
fn columns_are_counted_as_agreed() {
    let folder = copy_example();
    // Before the name there are two characters outside ASCII: `é` has 2 bytes and 1 unit of UTF-16, `😀` 4 and 2.
    let line = "keep: 'department != \"é😀\" && pay_typ == \"Salary\"'";
    let before = u32::try_from(line.chars().position(|letter| letter == '&').unwrap() + 3).unwrap();
    for (encodings, agreed, first) in [
        (&[][..], "utf-16", before + 1),
        (&["utf-8", "utf-16"], "utf-8", before + 4),
        (&["utf-32"], "utf-32", before),
        (&["utf-7", "utf-16"], "utf-16", before + 1),
    ] {
        let mut client = Client::open_with(folder.path(), encodings);
        assert_eq!(client.capabilities["positionEncoding"], agreed);
        let text = client.read(PIPELINE);
        let at = u32::try_from(text.lines().position(|line| line.starts_with("keep:")).unwrap()).unwrap();
        let broken = text.replace("keep: pay_type == \"Salary\"", line);
        client.open_file(PIPELINE, &broken);
        let told = client.told(PIPELINE);
        let places: Vec<Range> = told.diagnostics.iter().map(|finding| finding.range).collect();
        assert_eq!(places, [range(at, first, first + 7)], "{told:?}");
        // What the editor sends is counted the same way.
        client.insert(PIPELINE, Position::new(at, first + 7), "e");
        assert_eq!(client.told(PIPELINE).diagnostics, [], "{agreed}");
        assert_eq!(client.end(), 0);
    }
}

#[test]
fn projects_beside_each_other_do_not_mix() {
    let folder = copy_example();
    let second = folder.path().join("nested/second");
    fs::create_dir_all(second.join("pipelines")).unwrap();
    fs::write(second.join("project.yaml"), "format: 1\nproject: second\ntimezone: UTC\nnoise: 1\n").unwrap();
    let mut client = Client::open(folder.path());
    client.open_file(PIPELINE, &client.read(PIPELINE).replace("keep: pay_type", "keep: pay_typ"));
    assert_eq!(diagnostics_of(&client.told(PIPELINE)), ["unknown-name"]);
    client.open_file("nested/second/project.yaml", &client.read("nested/second/project.yaml"));
    let told = client.told("nested/second/project.yaml");
    assert_eq!(diagnostics_of(&told), ["no-pipelines", "unknown-key"], "{told:?}");
    assert!(told.diagnostics[0].message.starts_with("pipelines: "), "a folder is told in project.yaml: {told:?}");
    client.open_file("README.md", "# Not part of a project, and no reason to stop\n");
    client.close("nested/second/project.yaml");
    assert_eq!(client.told("nested/second/project.yaml").diagnostics, [], "a closed project is quiet");
    assert_eq!(client.end(), 0);
}

/// However fast somebody writes, the newest text is told about, and never an older one after it.
#[test]
fn many_changes_at_once_end_with_the_newest() {
    let folder = copy_example();
    let mut client = Client::open(folder.path());
    let text = client.read(PIPELINE);
    client.open_file(PIPELINE, &text);
    for round in 0..100 {
        client.change(PIPELINE, &text.replace("keep: pay_type", &format!("keep: pay_{round}")));
    }
    let mut last = 0;
    while last < 101 {
        let told = client.told(PIPELINE);
        let version = told.version.unwrap();
        assert!(version > last, "{version} after {last}");
        last = version;
        if last == 101 {
            assert!(told.diagnostics[0].message.contains("`pay_99`"), "{told:?}");
        }
    }
    assert_eq!(client.end(), 0);
}

#[test]
fn a_conversation_ends_as_the_protocol_says() {
    let folder = copy_example();
    let mut client = Client::open(folder.path());
    assert!(client.ask_raw("workspace/nonsense", serde_json::json!({})).is_err());
    assert!(client.ask_raw("textDocument/hover", serde_json::json!({ "position": 7 })).is_err());
    assert_eq!(
        client.ask_raw("textDocument/hover", client.at("pipelines/none.yaml", 0, 0)).unwrap(),
        serde_json::Value::Null
    );
    assert_eq!(client.end(), 0);
    assert_eq!(Client::open(folder.path()).leave(), 1, "`exit` without `shutdown`");
    assert_eq!(Client::open(folder.path()).hang_up(), 1, "the editor is gone");
}

#[test]
fn what_is_no_protocol_ends_at_once_and_says_so() {
    for garbage in ["hello\n", "Content-Length: 5\r\n\r\n{{{{{", "Content-Length: many\r\n\r\n", "\u{0}\u{1}\r\n\r\n"] {
        let mut command = crate::meadow::program(&["lsp"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Its stdin stays open: it must end by itself.
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(garbage.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{garbage:?}: {said}");
        assert!(said.contains("not the language server protocol") && said.contains("docs/editors.md"), "{said}");
        assert!(output.stdout.is_empty());
        drop(stdin);
    }
}
