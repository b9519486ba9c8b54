//! Real files to begin with.

use ml_connector::project::mistake;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A project's files by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The sound project of the corpus of mistakes.
pub fn ours() -> Files {
    mistake::sound().into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}

/// The examples, the packs, the cases and every mistake; a workbook among their tables.
pub fn projects() -> Vec<Files> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut projects = Vec::new();
    for above in ["examples", "mappings", "tests/cases"] {
        let mut folders: Vec<_> = fs::read_dir(root.join(above)).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        for folder in folders.into_iter().filter(|folder| folder.join("project.yaml").exists()) {
            let mut files = Files::new();
            read(&folder, &folder, &mut files);
            projects.push(files);
        }
    }
    assert!(projects.len() > 10, "{} projects", projects.len());
    let mistakes = mistake::all().unwrap().into_iter();
    let mistakes =
        mistakes.map(|mistake| mistake.files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect());
    projects.extend(mistakes.step_by(4));
    for _ in 0..8 {
        let mut files = ours();
        files.remove("tables/cost-centres.csv");
        files.insert("tables/cost-centres.xlsx".to_owned(), workbook());
        projects.push(files);
    }
    projects
}

fn read(root: &Path, folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let relative = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        if path.is_dir() {
            // Facts and exports are not the loader's.
            if ["environments", "tables", "pipelines", "scripts", "dialects", "tests"].contains(&&*relative) {
                read(root, &path, files);
            }
        } else if !relative.ends_with(".md") {
            let bytes = fs::read(&path).unwrap();
            files.insert(relative, bytes[..bytes.len().min(64 * 1024)].to_vec());
        }
    }
}

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [["department", "location", "cost_centre"], ["Sales", "WA", "0410"], ["IT", "*", "0500"]];
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

pub const EXPRESSIONS: &[&str] = &[
    r#"employment_status != "Contractor" && headcount > 100"#,
    "within(headcount, 0.05, last_period.headcount)",
    r#"hire_date >= "2013-03-01" || !(location == "WA")"#,
    "round(headcount * 12.5 / 7, 2) + abs(-gross) - min(1, max(2.5, gross))",
    "lines.all(|line| line.headcount < 1000000)",
    r#"let reasons = []; for line in lines { if line.headcount > 1 { reasons.push(`${line.headcount} is too many`); } } reasons"#,
    "fn twice(n) { if n > 9 { n } else { twice(n * 2) } } twice(1)",
    r#"let s = "x"; while s.len() < 100 { s += s; } s.sub_string(0, 5).to_upper()"#,
    r#"switch number { "7" => 1, _ => #{a: [1, 2], b: lines.len()} }"#,
    "let m = #{a: 1}; m.a += 1; m[\"b\"] = (1..5).map(|x| x * 2); try { throw 1 } catch (e) { e } m",
];

pub const TEMPLATES: &[&str] = &[
    "PAY{{ number | pad(6) }}",
    "{{ department | default('none') | upper | truncate(3) }}, {{ location }}",
    "{{ 'active' if employment_status == 'Active' and not location == 'x' else 'inactive' }}",
    "{% for line in lines %}{{ loop.index }}{{ line.headcount | default(0) }}{% else %}-{% endfor %}",
    "{% set x = 'a' ~ number %}{% if headcount > 3 %}{{ x }}{% elif x is defined %}{{ gross }}{% endif %}{# note #}",
    "{{ hire_date }} {{ last_period.headcount + 1 }} {{ lines[0] }} {{ [1, 2, {'a': 3}] }}",
];

/// Texts as bytes.
pub fn texts(of: &[&str]) -> Vec<Vec<u8>> {
    of.iter().map(|text| text.as_bytes().to_vec()).collect()
}
